#!/usr/bin/env python3
"""live-faults.py PROGRAM [JOBS] [WORDS...]: follows streams whose publisher, server or network fails, and prints a table of what became of it.

Every case runs in a network namespace of its own with only a loopback, JOBS (3) at a time; WORDS choose cases whose name has one of them.
Columns: what the tail said; seconds from the moment the source was well again to the next picture that can be asked about; pictures
remembered before the fault and how many of those are still there at the end; outages remembered; how the program ended (SIGINT: 130)
and whether the memory verifies. Needs root, ffmpeg, nginx with its RTMP module, and for RTSP GStreamer's server with /usr/bin/python3.
"""
import http.server, json, os, random, select, shutil, signal, socket, socketserver, sqlite3, struct, subprocess, sys, tempfile, threading, time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlparse

FFMPEG = ["ffmpeg", "-nostdin", "-y", "-loglevel", "error"]


class Case:
    def __init__(self, program, media):
        self.program, self.media = program, media
        self.work = tempfile.mkdtemp(prefix="live-fault-")
        self.children, self.events, self.notes = [], [], []
        self.began, self.well, self.frames_before = time.time(), None, None
        self.tail_process = None

    def start(self, *command):
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.children.append(child)
        return child

    def publish(self, *target, copy=("-c", "copy"), media=None):
        return self.start(*FFMPEG, "-re", "-stream_loop", "-1", "-i", media or self.media, *copy, *target)

    def udp(self, port=6001, *more, media=None):
        return self.publish(*more, "-f", "mpegts", f"udp://127.0.0.1:{port}?pkt_size=1316", media=media)

    def other(self, name, *options):
        """The same five seconds in another form."""
        path = f"{self.work}/{name}"
        subprocess.run([*FFMPEG, "-t", "5", "-i", self.media, *options, path], check=True)
        return path

    def srt(self, extra=""):
        return self.publish("-f", "mpegts", f"srt://127.0.0.1:7001?mode=listener&pkt_size=1316&latency=120000{extra}")

    def nginx(self, idle="off"):
        temporary = "".join(f"{name}_temp_path {name}; " for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        open(self.work + "/c.conf", "w").write(
            "load_module /usr/lib/nginx/modules/ngx_rtmp_module.so; daemon off; master_process off; pid n.pid; error_log e.log;\n"
            "events { worker_connections 64; }\n"
            f"rtmp {{ server {{ listen 127.0.0.1:1935; application live {{ live on; wait_key on; idle_streams {idle}; drop_idle_publisher 4s; }} }} }}\n"
            f"http {{ access_log off; {temporary}}}\n")
        server = self.start("nginx", "-p", self.work, "-c", self.work + "/c.conf")
        time.sleep(0.5)
        return server

    def rtmp(self):
        return self.publish("-f", "flv", "rtmp://127.0.0.1/live/a")

    def rtsp(self):
        script = self.work + "/rtsp.py"
        open(script, "w").write("""
import gi
gi.require_version('Gst', '1.0'); gi.require_version('GstRtspServer', '1.0')
from gi.repository import Gst, GLib, GstRtspServer as R
Gst.init(None); server = R.RTSPServer(); server.set_address('127.0.0.1'); server.set_service('8554'); mounts = server.get_mount_points()
video = 'videotestsrc is-live=true ! video/x-raw,width=640,height=360,framerate=25/1 ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=25 ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=1'
def add(path, launch, shared=False):
    factory = R.RTSPMediaFactory(); factory.set_launch('( ' + launch + ' )'); factory.set_shared(shared); factory.set_latency(0)
    permissions = R.RTSPPermissions()
    permissions.add_permission_for_role('anon', 'media.factory.access', True)
    permissions.add_permission_for_role('anon', 'media.factory.construct', path != '/secret')
    factory.set_permissions(permissions); mounts.add_factory(path, factory)
token = R.RTSPToken(); token.set_string('media.factory.role', 'anon')
auth = R.RTSPAuth(); auth.set_default_token(token); server.set_auth(auth)
add('/live', 'udpsrc address=127.0.0.1 port=5500 caps=video/mpegts ! tsdemux latency=50 name=d d. ! queue ! h264parse config-interval=1 ! rtph264pay name=pay0 pt=96 d. ! queue ! aacparse ! rtpmp4gpay name=pay1 pt=97', True)
add('/clock', video); add('/secret', video); add('/broken', 'filesrc location=/nonexistent ! tsdemux ! h264parse ! rtph264pay name=pay0 pt=96')
server.attach(None); GLib.MainLoop().run()
""")
        server = self.start("/usr/bin/python3", script)
        time.sleep(1.5)
        return server

    def http(self, **faults):
        """An endless MPEG-TS at /live, the files of the folder at /hls, and the faults asked for."""
        case = self
        self.faults = faults

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_): pass

            def do_GET(self):
                path = urlparse(self.path).path
                case.hits = getattr(case, "hits", 0) + 1
                status = case.faults.get("status")
                if status and (not case.faults.get("times") or case.hits <= case.faults["times"]):
                    self.send_error(status)
                elif path.startswith("/hls/"):
                    self.file(path[5:])
                elif case.faults.get("bytes") is not None:
                    self.send_response(200); self.end_headers(); self.wfile.write(case.faults["bytes"])
                elif path == "/known":
                    self.known()
                elif path == "/loop":
                    self.send_response(302); self.send_header("Location", "/loop"); self.end_headers()
                elif case.faults.get("redirect") and path == "/live":
                    self.send_response(302); self.send_header("Location", "/real"); self.end_headers()
                else:
                    self.live()

            def file(self, name):
                while name in case.faults.get("slow", ()): time.sleep(0.1)
                if name in case.faults.get("missing", ()) or case.faults.get("gone") and name.endswith("m3u8"):
                    return self.send_error(404)
                try: body = open(os.path.join(case.work, name), "rb").read()
                except OSError: return self.send_error(404)
                if name in case.faults.get("cut", ()): body = body[:len(body) // 2]
                self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)

            def known(self):
                """A file of known length, which breaks off half-way the first time."""
                body = open(case.work + "/known.ts", "rb").read()
                start = int(self.headers.get("Range", "bytes=0-")[6:].split("-")[0])
                self.send_response(206 if start else 200); self.send_header("Accept-Ranges", "bytes")
                if start: self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
                self.send_header("Content-Length", str(len(body) - start)); self.end_headers()
                self.wfile.write(body[start:len(body) // 2 if case.faults.pop("break", None) else None])

            def live(self):
                self.send_response(200); self.send_header("Content-Type", "video/mp2t"); self.end_headers()
                source = subprocess.Popen([*FFMPEG, "-re", "-stream_loop", "-1", "-i", case.media, "-c", "copy", "-f", "mpegts", "-flush_packets", "1", "-"],
                                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
                try:
                    while block := source.stdout.read1(65536):
                        while case.faults.get("stall"): time.sleep(0.1)
                        if case.faults.get("garble") and case.faults["garble"].random() < 0.05:
                            block = bytearray(block); block[case.faults["garble"].randrange(len(block))] ^= 0x55
                        if case.faults.pop("close", None): return
                        if case.faults.pop("reset", None):
                            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                            self.connection.close()
                            return
                        self.wfile.write(block)
                except OSError: pass
                finally: source.kill(); source.wait()

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads, allow_reuse_address = True, True
            def handle_error(self, *_): pass

        server = Server(("127.0.0.1", 8090), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server

    def hls(self):
        return self.publish("-f", "hls", "-hls_time", "1", "-hls_list_size", "6", "-hls_flags", "delete_segments+temp_file",
                            "-hls_segment_filename", self.work + "/s%d.ts", self.work + "/live.m3u8")

    def relay(self, loss=0.0, delayed=0.0, inward=6002, outward=6001):
        """UDP from one port to another, seeded."""
        chance, target = random.Random(7), ("127.0.0.1", outward)
        near = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); near.bind(("127.0.0.1", inward))
        far = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        def run():
            while True:
                block = near.recv(65536)
                if chance.random() < loss: continue
                if chance.random() < delayed: threading.Timer(0.03, far.sendto, (block, target)).start()
                else: far.sendto(block, target)
        threading.Thread(target=run, daemon=True).start()

    def both_ways(self, listen, to):
        """UDP in both directions, as SRT needs it, with the fault `loss`; seeded."""
        self.faults = {}
        chance = random.Random(7)
        near = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); near.bind(("127.0.0.1", listen))
        far = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); far.connect(("127.0.0.1", to))
        def run():
            client = None
            while True:
                for ready in select.select([near, far], [], [])[0]:
                    try:
                        if ready is near: block, client = near.recvfrom(65536)
                        else: block = far.recv(65536)
                        if chance.random() < self.faults.get("loss", 0): continue
                        if ready is near: far.send(block)
                        elif client: near.sendto(block, client)
                    except OSError: pass
        threading.Thread(target=run, daemon=True).start()

    def stalling(self, listen, to):
        """A TCP proxy that passes nothing on while the fault `hold` is set."""
        self.faults = getattr(self, "faults", {})
        server = socket.create_server(("127.0.0.1", listen))
        def pump(source, target):
            try:
                while block := source.recv(65536):
                    while self.faults.get("hold"): time.sleep(0.05)
                    target.sendall(block)
            except OSError: pass
            for end in (source, target):
                try: end.shutdown(socket.SHUT_RDWR)
                except OSError: pass
        def run():
            while True:
                client, _ = server.accept()
                try: upstream = socket.create_connection(("127.0.0.1", to))
                except OSError: client.close(); continue
                for pair in ((client, upstream), (upstream, client)): threading.Thread(target=pump, args=pair, daemon=True).start()
        threading.Thread(target=run, daemon=True).start()

    def rtp(self, port=6020):
        """A session description, and a publisher that may send elsewhere than it says."""
        child = self.publish("-an", "-f", "rtp", "-sdp_file", self.work + "/made.sdp", f"rtp://127.0.0.1:{port}?pkt_size=1200")
        while not os.path.exists(self.work + "/made.sdp") or "m=video" not in open(self.work + "/made.sdp").read(): time.sleep(0.05)
        open(self.work + "/a.sdp", "w").write(open(self.work + "/made.sdp").read().replace(f"m=video {port}", "m=video 6020"))
        return child

    def tail(self, address, *more):
        self.tail_began = time.time()
        self.tail_process = subprocess.Popen([self.program, "tail", address, "--memory", self.work + "/m.memory", "--json", *more],
                                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=open(self.work + "/errors", "w"), text=True)
        def read():
            for line in self.tail_process.stdout: self.events.append((time.time(), json.loads(line)))
        threading.Thread(target=read, daemon=True).start()

    def frames(self):
        return max((event["counts"]["frames"] for _, event in self.events if event["event"] == "status"), default=0)

    def wait_frames(self, count, limit=25):
        end = time.time() + limit
        while self.frames() < count and time.time() < end and self.tail_process.poll() is None: time.sleep(0.05)
        return self.frames() >= count

    def rows(self):
        try:
            reader = sqlite3.connect(f"file:{self.work}/m.memory/memory.sqlite?mode=ro", uri=True)
            return [start for (start,) in reader.execute("SELECT start FROM frame ORDER BY start")]
        except sqlite3.Error: return []

    def good(self, count=4):
        """Waits until it goes well, then marks what is remembered."""
        if not self.wait_frames(count): self.notes.append("no picture before the fault")
        self.before = self.rows()

    def healed(self, limit=40):
        """From now on the source is well; waits for two more pictures."""
        self.well, had = time.time(), self.frames()
        if self.wait_frames(had + 1, limit): self.recovery = time.time() - self.well
        self.wait_frames(had + 2, 10)

    def finish(self):
        if self.tail_process.poll() is None: self.tail_process.send_signal(signal.SIGINT)
        stopping = time.time()
        try: self.tail_process.wait(6); ended = f"{self.tail_process.returncode} in {time.time() - stopping:.1f} s"
        except subprocess.TimeoutExpired: self.tail_process.kill(); ended = "HANG"
        time.sleep(0.1)
        rows = self.rows()
        before = getattr(self, "before", [])
        kept = len(set(before) & set(rows))
        told = [event["text"] for _, event in self.events if event["event"] in ("lost", "ended", "failed")]
        told += self.notes
        try:
            reader = sqlite3.connect(f"file:{self.work}/m.memory/memory.sqlite?mode=ro", uri=True)
            gaps = [text for (text,) in reader.execute("SELECT text FROM item WHERE modality = 'gap' ORDER BY start")]
        except sqlite3.Error: gaps = []
        verify = subprocess.run([self.program, "memory", "verify", "--memory", self.work + "/m.memory"], capture_output=True).returncode if rows else "-"
        recovery = getattr(self, "recovery", None)
        for child in self.children:
            child.kill(); child.wait()
        shutil.rmtree(self.work, ignore_errors=True)
        return [" / ".join(dict.fromkeys(told))[:150] or "nothing", "-" if recovery is None else f"{recovery:.1f}", f"{kept} of {len(before)}",
                " / ".join(gaps)[:170] or "none", ended, str(verify)]


CASES = {}
def case(name):
    def add(body): CASES[name] = body; return body
    return add


def around(prepare, address, break_it, mend, *more):
    """The usual course: the source is well, breaks, stays away, is mended."""
    def body(c):
        state = prepare(c); c.tail(address if isinstance(address, str) else address(c), *more); c.good()
        state = break_it(c, state) or state
        mend(c, state); c.healed()
    return body


def kill(c, child): child.kill(); child.wait()
def term(c, child): child.terminate(); child.wait()
def freeze(seconds):
    def run(c, child): child.send_signal(signal.SIGSTOP); time.sleep(seconds); child.send_signal(signal.SIGCONT)
    return run
def again(start, pause=5):
    def run(c, _): time.sleep(pause); start(c)
    return run
def nothing(*_): pass

UDP, SRT, RTMP = "udp://127.0.0.1:6001", "srt://127.0.0.1:7001?latency=120000", "rtmp://127.0.0.1/live/a"
LIVE, HLS = "http://127.0.0.1:8090/live", "http://127.0.0.1:8090/hls/live.m3u8"
CASES["UDP: publisher killed, back after 5 s"] = around(Case.udp, UDP, kill, again(Case.udp))
CASES["UDP: publisher killed, back after 15 s"] = around(Case.udp, UDP, kill, again(Case.udp, 15))
CASES["UDP: publisher frozen for 4 s"] = around(Case.udp, UDP, freeze(4), nothing)
def relayed(**faults):
    def prepare(c): c.relay(**faults); return c.udp(6002)
    return around(prepare, UDP, lambda c, _: time.sleep(8), nothing)
for share in (0.5, 2, 10): CASES[f"UDP: {share} % of datagrams lost"] = relayed(loss=share / 100)
CASES["UDP: 5 % of datagrams 30 ms late"] = relayed(delayed=0.05)
@case("UDP: nobody sends for 12 s")
def _(c): c.tail(UDP); time.sleep(12); c.before = []; c.udp(); c.healed()
def lo(c, _): subprocess.run("ip link set lo down; sleep 4; ip link set lo up", shell=True)
CASES["UDP: network down for 4 s"] = around(Case.udp, UDP, lo, nothing)

def srt_ready(c): child = c.srt(); time.sleep(1); return child
CASES["SRT: publisher ends, back after 5 s"] = around(srt_ready, SRT, term, again(Case.srt))
CASES["SRT: publisher killed, back after 5 s"] = around(srt_ready, SRT, kill, again(Case.srt))
CASES["SRT: publisher frozen for 3 s"] = around(srt_ready, SRT, freeze(3), nothing)
CASES["SRT: network down for 2 s"] = around(srt_ready, SRT, lambda c, _: subprocess.run("ip link set lo down; sleep 2; ip link set lo up", shell=True), nothing)
@case("SRT: nobody there for 6 s")
def _(c): c.tail(SRT); time.sleep(6); c.before = []; c.srt(); c.healed()
@case("SRT: wrong passphrase")
def _(c): c.srt("&passphrase=rightright1"); time.sleep(1); c.tail(SRT + "&passphrase=wrongwrong1"); time.sleep(8)

def rtmp_ready(c): c.server = c.nginx(); child = c.rtmp(); time.sleep(2); return child
def rtmp_idle(c): c.server = c.nginx("on"); child = c.rtmp(); time.sleep(2); return child
CASES["RTMP: publisher ends, back after 5 s"] = around(rtmp_ready, RTMP, term, again(Case.rtmp))
CASES["RTMP: publisher killed, back after 5 s"] = around(rtmp_ready, RTMP, kill, again(Case.rtmp))
CASES["RTMP (idle streams): publisher killed, back after 5 s"] = around(rtmp_idle, RTMP, kill, again(Case.rtmp))
CASES["RTMP: publisher frozen for 3 s"] = around(rtmp_ready, RTMP, freeze(3), nothing)
CASES["RTMP: publisher frozen for good, another after 8 s"] = around(
    rtmp_ready, RTMP, lambda c, child: (child.send_signal(signal.SIGSTOP), time.sleep(8), None)[2], again(Case.rtmp, 0))
CASES["RTMP: server killed, back after 4 s"] = around(
    rtmp_ready, RTMP, lambda c, child: (kill(c, c.server), kill(c, child))[1], lambda c, _: (time.sleep(4), c.nginx(), c.rtmp()))
@case("RTMP: no such stream for 8 s")
def _(c): c.nginx(); c.tail(RTMP); time.sleep(8); c.before = []; c.rtmp(); c.healed()
def until_taken(c, start):
    """A listener is there again a moment after its publisher left: publishers try until they are taken."""
    had, end, child = c.frames(), time.time() + 30, None
    c.well = time.time()
    while c.frames() <= had and time.time() < end:
        child = start(c); c.wait_frames(had + 1, 8)
        if c.frames() <= had: kill(c, child)
    if c.frames() > had: c.recovery = time.time() - c.well
    c.wait_frames(had + 2, 10)
    return child
def listening(address, start, pause=3):
    def body(c):
        c.tail(address, "--listen"); time.sleep(3)
        child = until_taken(c, start); c.good(); kill(c, child); time.sleep(pause); until_taken(c, start)
    return body
CASES["RTMP: we listen, publisher after 3 s, killed, back after 3 s"] = listening(
    "rtmp://127.0.0.1:1940/live/x", lambda c: c.publish("-f", "flv", "rtmp://127.0.0.1:1940/live/x"))
CASES["RTSP: we listen, publisher after 3 s, killed, back after 3 s"] = listening(
    "rtsp://127.0.0.1:8660/in", lambda c: c.publish("-f", "rtsp", "-rtsp_transport", "tcp", "rtsp://127.0.0.1:8660/in"))
CASES["SRT: we listen, publisher after 3 s, killed, back after 3 s"] = listening(
    "srt://127.0.0.1:7005", lambda c: c.publish("-f", "mpegts", "srt://127.0.0.1:7005?mode=caller&pkt_size=1316"))
CASES["TCP: we listen, publisher after 3 s, killed, back after 3 s"] = listening(
    "tcp://127.0.0.1:6302", lambda c: c.publish("-f", "mpegts", "tcp://127.0.0.1:6302"))

def hold(seconds):
    def run(c, _): c.faults["hold"] = True; time.sleep(seconds); c.faults.clear()
    return run
def proxied(prepare, listen, to):
    def run(c): state = prepare(c); c.stalling(listen, to); return state
    return run
for seconds in (4, 14):
    CASES[f"RTMP: network stalls for {seconds} s"] = around(
        proxied(rtmp_ready, 1936, 1935), "rtmp://127.0.0.1:1936/live/a", hold(seconds), nothing)
    CASES[f"RTSP: network stalls for {seconds} s"] = around(
        proxied(Case.rtsp, 8555, 8554), "rtsp://127.0.0.1:8555/clock", hold(seconds), nothing)
def stalled_open(prepare, address):
    def body(c): prepare(c); c.faults["hold"] = True; c.tail(address); time.sleep(12); c.before = []; c.faults.clear(); c.healed(60)
    return body
CASES["RTMP: no answer for 12 s"] = stalled_open(proxied(rtmp_ready, 1936, 1935), "rtmp://127.0.0.1:1936/live/a")
CASES["RTSP: no answer for 12 s"] = stalled_open(proxied(Case.rtsp, 8555, 8554), "rtsp://127.0.0.1:8555/clock")
@case("RTMP: no such application")
def _(c): c.nginx(); c.tail("rtmp://127.0.0.1/nope/a"); time.sleep(8)
@case("RTMP: nobody serves for 6 s")
def _(c): c.tail(RTMP); time.sleep(6); c.before = []; c.nginx(); c.rtmp(); c.healed()
@case("RTMP: no sound at all")
def _(c): c.nginx(); c.publish("-an", "-f", "flv", RTMP); time.sleep(2); c.tail(RTMP); c.before = []; c.healed()

def rtsp_ready(c): c.server = c.rtsp(); child = c.udp(5500); time.sleep(2); return child
CASES["RTSP: publisher behind the server killed, back after 5 s"] = around(rtsp_ready, "rtsp://127.0.0.1:8554/live", kill, again(lambda c: c.udp(5500)))
CASES["RTSP: publisher behind the server frozen for 4 s"] = around(rtsp_ready, "rtsp://127.0.0.1:8554/live", freeze(4), nothing)
CASES["RTSP over TCP: server killed, back after 4 s"] = around(Case.rtsp, "rtsp://127.0.0.1:8554/clock", kill, again(Case.rtsp, 4))
CASES["RTSP over UDP: server killed, back after 4 s"] = around(
    Case.rtsp, "rtsp://127.0.0.1:8554/clock", kill, again(Case.rtsp, 4), "--input-option", "rtsp_transport=udp")
CASES["RTSP: server frozen for 14 s"] = around(Case.rtsp, "rtsp://127.0.0.1:8554/clock", freeze(14), nothing)
@case("RTSP: no such stream (404)")
def _(c): c.rtsp(); c.tail("rtsp://127.0.0.1:8554/nope"); time.sleep(8)
@case("RTSP: not allowed (401)")
def _(c): c.rtsp(); c.tail("rtsp://user:s3cret@127.0.0.1:8554/secret"); time.sleep(8)

@case("RTSP: server says 503")
def _(c): c.rtsp(); c.tail("rtsp://127.0.0.1:8554/broken"); time.sleep(8)

SDP = lambda c: c.work + "/a.sdp"
CASES["RTP (session description): publisher killed, back after 5 s"] = around(Case.rtp, SDP, kill, again(Case.rtp))
def rtp_relayed(c): c.relay(loss=0.05, inward=6022, outward=6020); return c.rtp(6022)
CASES["RTP (session description): 5 % of datagrams lost"] = around(rtp_relayed, SDP, lambda c, _: time.sleep(8), nothing)
@case("RTP (session description): nobody sends for 12 s")
def _(c): child = c.rtp(); kill(c, child); c.tail(SDP(c)); time.sleep(12); c.before = []; c.rtp(); c.healed()

def tcp(c): return c.publish("-f", "mpegts", "tcp://127.0.0.1:6301?listen=1")
def unix(c):
    if os.path.exists(c.work + "/s"): os.remove(c.work + "/s")
    return c.publish("-f", "mpegts", "-listen", "1", f"unix:{c.work}/s")
def ready(start):
    def run(c): child = start(c); time.sleep(1); return child
    return run
TCP, UNIX = "tcp://127.0.0.1:6301", lambda c: f"unix://{c.work}/s"
CASES["TCP: publisher killed, back after 5 s"] = around(ready(tcp), TCP, kill, again(tcp))
CASES["TCP: network down for 4 s"] = around(ready(tcp), TCP, lo, nothing)
CASES["TCP: publisher frozen for 4 s"] = around(ready(tcp), TCP, freeze(4), nothing)
CASES["Unix socket: publisher killed, back after 5 s"] = around(ready(unix), UNIX, kill, again(unix))

def lossy_srt(share):
    def prepare(c): child = srt_ready(c); c.both_ways(7003, 7001); return child
    # From when it is connected on: ffmpeg's listener leaves when its first client does not come about.
    return around(prepare, "srt://127.0.0.1:7003?latency=400000", lambda c, _: (c.faults.update(loss=share), time.sleep(8))[0], nothing)
for share in (2, 10): CASES[f"SRT: {share} % of datagrams lost"] = lossy_srt(share / 100)
def reader_frozen(c, _): c.tail_process.send_signal(signal.SIGSTOP); time.sleep(4); c.tail_process.send_signal(signal.SIGCONT)
CASES["UDP: the program itself frozen for 4 s"] = around(Case.udp, UDP, reader_frozen, nothing)

def swapped(*more, media=None):
    """Another publisher takes over at once, to the same address and with the same PIDs."""
    def run(c, child):
        path = c.other(*media) if media else None
        kill(c, child); c.udp(6001, *more, media=path)
        time.sleep(2)  # what the old one sent is seen by then
    return run
SMALL = ("small.mp4", "-vf", "scale=320:240", "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "25", "-c:a", "copy")
HEVC = ("hevc.mp4", "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "keyint=25:log-level=none", "-pix_fmt", "yuv420p", "-c:a", "copy")
CASES["parameters: size changes"] = around(Case.udp, UDP, swapped(media=SMALL), nothing)
CASES["parameters: H.264 becomes HEVC on one PID"] = around(Case.udp, UDP, swapped(media=HEVC), nothing)
CASES["parameters: sound starts late"] = around(lambda c: c.udp(6001, "-map", "0:v", "-c", "copy"), UDP, swapped(), nothing)
CASES["parameters: sound stops"] = around(Case.udp, UDP, swapped("-map", "0:v"), nothing)
def rtmp_small(c, child): path = c.other(*SMALL); kill(c, child); c.publish("-f", "flv", RTMP, media=path); time.sleep(2)
CASES["parameters: size changes over RTMP (idle streams)"] = around(rtmp_idle, RTMP, rtmp_small, nothing)
CASES["timestamps: 33 bits wrap"] = around(
    lambda c: c.udp(6001, "-output_ts_offset", "95433"), UDP, lambda c, _: time.sleep(max(0, c.began + 14 - time.time())), nothing)
for name, first, then in (("an hour ahead", "0", "3600"), ("an hour back", "7200", "3600"), ("back to 0", "50000", "0")):
    CASES[f"timestamps: {name}"] = around(lambda c, first=first: c.udp(6001, "-output_ts_offset", first), UDP, swapped("-output_ts_offset", then), nothing)

def set_faults(**faults):
    def run(c, _): c.faults.update(faults)
    return run
def mend_http(c, _): time.sleep(4); c.faults.clear()
for code in (401, 403, 404, 503):
    def refused(c, code=code):
        c.http(status=code); c.tail(LIVE); time.sleep(6); c.before = []; c.faults.clear(); c.healed(70)
    CASES[f"HTTP: answers {code} for 6 s"] = refused
CASES["HTTP: closed by the server"] = around(Case.http, LIVE, set_faults(close=True), nothing)
CASES["HTTP: reset"] = around(Case.http, LIVE, set_faults(reset=True), nothing)
CASES["HTTP: stands still for 4 s"] = around(Case.http, LIVE, set_faults(stall=True), mend_http)
CASES["HTTP: stands still for 14 s"] = around(Case.http, LIVE, set_faults(stall=True), lambda c, _: (time.sleep(14), c.faults.clear()))
@case("HTTP: stands still while it is opened, for 12 s")
def _(c): c.http(stall=True); c.tail(LIVE); time.sleep(12); c.before = []; c.faults.clear(); c.healed(60)
@case("HTTP: nobody serves for 6 s")
def _(c): c.tail(LIVE); time.sleep(6); c.before = []; c.http(); c.healed()
@case("HTTP: redirected in a circle")
def _(c): c.http(); c.tail(LIVE[:-4] + "loop"); time.sleep(8)
@case("HTTP: a file of known length breaks off half-way")
def _(c):
    c.other("known.ts", "-c", "copy"); c.http(**{"break": True}); c.tail(LIVE[:-4] + "known"); c.before = []; c.tail_process.wait(40)
CASES["HTTP: one block in twenty with a wrong byte"] = around(
    Case.http, LIVE, lambda c, _: (c.faults.update(garble=random.Random(7)), time.sleep(8), c.faults.clear())[2], nothing)
@case("HTTP: redirected")
def _(c): c.http(redirect=True); c.tail(LIVE); c.before = []; c.healed()
@case("HTTP: no bytes, then random bytes, then well")
def _(c):
    c.http(bytes=b""); c.tail(LIVE); time.sleep(3); c.faults["bytes"] = random.Random(7).randbytes(200000); time.sleep(3)
    c.before = []; c.faults.clear(); c.healed(70)

def hls_ready(c): c.http(); child = c.hls(); time.sleep(6); return child
def newest(c): return sorted((n for n in os.listdir(c.work) if n.endswith(".ts")), key=lambda n: int(n[1:-3]))[-1]
def ahead(c, *steps): return {f"s{int(newest(c)[1:-3]) + step}.ts" for step in steps}
CASES["HLS: two segments answer 404"] = around(hls_ready, HLS, lambda c, _: c.faults.update(missing=ahead(c, 2, 3)), lambda c, _: time.sleep(5))
CASES["HLS: a segment is cut short"] = around(hls_ready, HLS, lambda c, _: c.faults.update(cut=ahead(c, 2)), lambda c, _: time.sleep(4))
CASES["HLS: playlist stands still for 8 s"] = around(hls_ready, HLS, freeze(8), nothing)
CASES["HLS: playlist answers 404 for 6 s"] = around(hls_ready, HLS, set_faults(gone=True), lambda c, _: (time.sleep(6), c.faults.clear()))
CASES["HLS: a segment stalls for 5 s"] = around(hls_ready, HLS, lambda c, _: c.faults.update(slow=ahead(c, 2)), lambda c, _: (time.sleep(7), c.faults.clear()))
def hls_served(c):
    child = c.hls(); c.server = c.start(sys.executable, "-m", "http.server", "8091", "--bind", "127.0.0.1", "--directory", c.work); time.sleep(6); return child
CASES["HLS: server killed, back after 5 s"] = around(
    hls_served, "http://127.0.0.1:8091/live.m3u8", lambda c, _: kill(c, c.server),
    lambda c, _: (time.sleep(5), c.start(sys.executable, "-m", "http.server", "8091", "--bind", "127.0.0.1", "--directory", c.work)))
CASES["HLS: segmenter starts again at 0"] = around(hls_ready, HLS, kill, again(Case.hls, 3))
CASES["HLS: ends with ENDLIST"] = around(hls_ready, HLS, term, lambda c, _: time.sleep(6))

def growing(c, name="g.ts", *more): return c.publish("-f", "mpegts", "-flush_packets", "1", f"{c.work}/{name}")
FILE = lambda c: c.work + "/g.ts"
CASES["file: writer killed, a new one writes it anew after 4 s"] = around(growing, FILE, kill, again(growing, 4))
CASES["file: deleted, another put in its place after 4 s"] = around(growing, FILE, lambda c, child: (kill(c, child), os.remove(c.work + "/g.ts"))[0], again(growing, 4))
CASES["file: writer frozen for 14 s"] = around(growing, FILE, freeze(14), nothing)
@case("file: not there for 4 s")
def _(c): c.tail(c.work + "/g.ts"); time.sleep(4); c.before = []; growing(c); c.healed()
@case("file: ordinary MP4 being written, finished after 6 s")
def _(c):
    child = c.publish(c.work + "/g.mp4"); c.tail(c.work + "/g.mp4"); time.sleep(6); c.before = []; child.send_signal(signal.SIGINT); child.wait(); c.healed(70)
    c.notes.append(f"{len(c.rows())} pictures")
@case("file: fragmented MP4")
def _(c):
    c.publish("-movflags", "frag_keyframe+empty_moov+default_base_moof", "-f", "mp4", c.work + "/g.mp4"); c.tail(c.work + "/g.mp4"); c.before = []; c.healed()

@case("file: Matroska")
def _(c): c.publish("-f", "matroska", "-flush_packets", "1", c.work + "/g.mkv"); c.tail(c.work + "/g.mkv"); c.before = []; c.healed()
CASES["file: 200 kB of garbage in between"] = around(
    growing, FILE, lambda c, child: (kill(c, child), open(c.work + "/g.ts", "ab").write(random.Random(7).randbytes(200000)))[0],
    lambda c, _: c.start("bash", "-c", f'exec ffmpeg -nostdin -loglevel error -re -stream_loop -1 -i {c.media} -c copy -f mpegts -flush_packets 1 - >> {c.work}/g.ts'))

def fifo(c): os.mkfifo(c.work + "/pipe"); return piped(c)
def piped(c): return c.publish("-f", "mpegts", c.work + "/pipe")
PIPE = lambda c: c.work + "/pipe"
CASES["FIFO: writer leaves, another after 4 s"] = around(fifo, PIPE, term, again(piped, 4))
CASES["FIFO: writer killed, another after 4 s"] = around(fifo, PIPE, kill, again(piped, 4))
CASES["FIFO: writer frozen for 5 s"] = around(fifo, PIPE, freeze(5), nothing)
@case("FIFO: no writer for 12 s")
def _(c): os.mkfifo(c.work + "/pipe"); c.tail(c.work + "/pipe"); time.sleep(12); c.before = []; piped(c); c.healed()
@case("lavfi: a graph that is none")
def _(c): c.tail("lavfi:nosuchfilter=1"); time.sleep(4)
@case("device: none")
def _(c): c.tail("/dev/video0"); time.sleep(4)
@case("device: not one (/dev/null)")
def _(c): c.tail("v4l2:/dev/null"); time.sleep(4)


def main():
    program = os.path.realpath(sys.argv[1])
    if len(sys.argv) > 3 and sys.argv[2] == "--case":
        c = Case(program, sys.argv[4])
        try:
            try: CASES[sys.argv[3]](c)
            except Exception as error: c.notes.append(f"the case itself failed: {error!r}")
            print(f"| {sys.argv[3]} | " + " | ".join(text.replace("|", "/").replace("\n", " ") for text in c.finish()) + " |", flush=True)
        finally:
            for child in c.children: child.kill()
            if c.tail_process: c.tail_process.kill()
        os._exit(0)
    jobs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    words = sys.argv[3:]
    folder = tempfile.mkdtemp(prefix="live-faults-")
    media = folder + "/src.mp4"
    subprocess.run([*FFMPEG, "-f", "lavfi", "-i", "testsrc2=s=640x360:r=25", "-f", "lavfi", "-i", "aevalsrc='if(lt(mod(t,1),0.08),0.5*sin(2*PI*1000*t),0)':s=44100",
                    "-t", "10", "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-profile:v", "baseline", "-g", "25", "-b:v", "500k",
                    "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "64k", "-ac", "2", media], check=True)
    print("| fault | what was said | recovery s | kept | remembered | ended | verify |\n|---|---|---|---|---|---|---|", flush=True)
    def run(name):
        try:
            done = subprocess.run(["unshare", "-n", "bash", "-c", 'ip link set lo up; exec "$@"', "_", sys.executable, os.path.realpath(__file__), program, "--case",
                                   name, media], capture_output=True, text=True, timeout=150)
            print(done.stdout.strip() or f"| {name} | the case failed: {done.stderr[-200:]} |", flush=True)
        except subprocess.TimeoutExpired: print(f"| {name} | TIMEOUT |", flush=True)
    with ThreadPoolExecutor(jobs) as pool: list(pool.map(run, [n for n in CASES if not words or any(w.lower() in n.lower() for w in words)]))
    shutil.rmtree(folder, ignore_errors=True)


main()
