/// Hides the secrets of addresses in a text: user name and password before the host, and parameters whose names say that they are secret.
///
/// `rtsp://user:secret@host` becomes `rtsp://***@host`, `srt://host?passphrase=x` becomes `srt://host?passphrase=***`. A password with a slash makes
/// no address, but is typed; what stands before the colon tells it from a port.
package func redactingCredentials(in text: String) -> String {
  text.replacing(/([A-Za-z][A-Za-z0-9+.\-]*:\/\/)[^\/\s]*@/) { "\($0.output.1)***@" }
    .replacing(/([A-Za-z][A-Za-z0-9+.\-]*:\/\/)[^\/\s'"@:]+:(?!\d+[\/?])[^\s'"]*@/) { "\($0.output.1)***@" }
    .replacing(/(?i)([?&;](?:[a-z_\-]*(?:pass|passwd|password|passphrase|token|secret|signature|auth|key|pwd)|sig)=)[^&;\s'"]+/) {
      "\($0.output.1)***"
    }
}
