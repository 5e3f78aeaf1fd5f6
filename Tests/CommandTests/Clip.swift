import Foundation

/// Media with known content, made by the `ffmpeg` and `espeak-ng` command line tools.
enum Clip {
  /// 24 s: a crossword puzzle from 0 to 12 s, then a grey room; a sign from 13 to 20 s; a sentence said from 4 s.
  static func story(in folder: TemporaryFolder) throws -> String {
    let voice = folder.path("voice.wav")
    try Command.tool("espeak-ng", ["-v", "en-gb", "-s", "140", "-w", voice, "The treasure map is hidden under the old wooden bridge."])
    let path = folder.path("story.mp4")
    try Command.tool(
      "ffmpeg",
      [
        "-v", "error", "-y", "-f", "lavfi", "-i", "color=white:s=320x240:r=10:d=12", "-f", "lavfi", "-i",
        "color=0x708090:s=320x240:r=10:d=12", "-i", voice,
      ]
        + [
          "-filter_complex",
          """
          [0:v]geq=lum='if(eq(mod(floor(X/24)*7+floor(Y/24)*5+floor(X/24)*floor(Y/24)\\,4)\\,0)\\,16\\,235)':cb=128:cr=128,\
          drawgrid=w=24:h=24:t=2:c=black[a];\
          [1:v]drawbox=x=20:y=80:w=280:h=80:c=white:t=fill:enable='between(t\\,1\\,8)',\
          drawtext=font=DejaVu Sans:fontsize=34:fontcolor=black:x=(w-text_w)/2:y=102:text='PLATFORM 9':enable='between(t\\,1\\,8)'[b];\
          [a][b]concat=n=2:v=1:a=0[v];[2:a]adelay=4000:all=1,apad=whole_dur=24[s]
          """,
          "-map", "[v]", "-map", "[s]", "-t", "24", "-c:v", "libx264", "-preset", "veryfast", "-g", "50", "-c:a", "aac", path,
        ])
    return path
  }

  /// A few seconds of picture and tone.
  static func short(in folder: TemporaryFolder, seconds: Int = 3, name: String = "short.mp4", options: [String] = []) throws -> String {
    let path = folder.path(name)
    try Command.tool(
      "ffmpeg",
      ["-v", "error", "-y", "-f", "lavfi", "-i", "testsrc=s=160x120:r=10:d=\(seconds)", "-f", "lavfi", "-i", "sine=d=\(seconds)"]
        + ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-shortest"] + options + [path])
    return path
  }
}
