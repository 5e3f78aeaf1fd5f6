#!/usr/bin/env python3
"""live-freshness.py PROGRAM [SECONDS] [PROTOCOL...]: publishes pictures with the wall clock burned in over every protocol on loopback, tails
each for SECONDS (25), and measures how old each picture is when it can be asked about.

ffmpeg draws the time to a tenth of a second into every picture as it makes it. Another process watches the memory for committed pictures,
as a question's snapshot would see them, keeps the moment each appeared and its thumbnail, and reads the clock off it with Tesseract
afterwards. Freshness is one less the other: the protocol's own delay, decoding, seeing and committing together. The time
remembered for the picture is compared with the one burned in, too. Pictures made before the tail was started are left out.
Run it in a network namespace with only a loopback: unshare -n bash -c 'ip link set lo up; exec Tests/Benchmarks/live-freshness.py ...'
Needs ffmpeg, tesseract, nginx with its RTMP module, and for RTSP GStreamer's server with Python's gi (/usr/bin/python3).
"""
import os, shutil, signal, sqlite3, subprocess, sys, tempfile, time

program = os.path.realpath(sys.argv[1])
seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 25
wanted = sys.argv[3:]
work = tempfile.mkdtemp(prefix="live-freshness-")
os.environ["TZ"] = "UTC"

# Tenths of a second since 1970, modulo a million. `realtime` stands before the text is drawn.
picture = ("color=c=white:s=640x360:r=25,realtime,drawtext=fontfile=/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf:"
           "text='%{eif\\:floor(mod(time(0)*10\\,1000000))\\:d\\:6}':x=60:y=110:fontsize=120:fontcolor=black")
sound = "aevalsrc='if(lt(mod(t,1),0.08),0.5*sin(2*PI*1000*t),0)':s=44100,arealtime"
source = ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound]
encoded = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "25", "-b:v", "600k", "-pix_fmt", "yuv420p",
           "-c:a", "aac", "-b:a", "64k", "-ac", "2"]
ffmpeg = ["ffmpeg", "-nostdin", "-y", "-loglevel", "error"]
running = []


def start(command, **more):
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
    running.append(process)
    return process


def publish(*target):
    return start(ffmpeg + source + encoded + list(target))


def nginx():
    folder = os.path.join(work, "nginx")
    os.makedirs(folder, exist_ok=True)
    temporary = "".join(f"{name}_temp_path {name}; " for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    open(os.path.join(folder, "c.conf"), "w").write(
        "load_module /usr/lib/nginx/modules/ngx_rtmp_module.so; daemon off; master_process off; pid n.pid; error_log e.log;\n"
        "events { worker_connections 64; }\n"
        "rtmp { server { listen 127.0.0.1:1935; application live { live on; wait_key on; idle_streams off; } } }\n"
        f"http {{ access_log off; {temporary}}}\n")
    start(["nginx", "-p", folder, "-c", os.path.join(folder, "c.conf")])
    time.sleep(0.5)


def rtsp():
    script = os.path.join(work, "rtsp.py")
    open(script, "w").write("""
import gi
gi.require_version('Gst', '1.0'); gi.require_version('GstRtspServer', '1.0')
from gi.repository import Gst, GLib, GstRtspServer as R
Gst.init(None); server = R.RTSPServer(); server.set_address('127.0.0.1'); server.set_service('8554'); factory = R.RTSPMediaFactory()
factory.set_launch('( udpsrc address=127.0.0.1 port=5500 caps=video/mpegts ! tsdemux latency=50 name=d d. ! queue ! h264parse config-interval=1 '
  '! rtph264pay name=pay0 pt=96 d. ! queue ! aacparse ! rtpmp4gpay name=pay1 pt=97 )')
factory.set_shared(True); factory.set_latency(0); server.get_mount_points().add_factory('/live', factory); server.attach(None); GLib.MainLoop().run()
""")
    start(["/usr/bin/python3", script])
    publish("-f", "mpegts", "udp://127.0.0.1:5500?pkt_size=1316")
    time.sleep(2)


def hls():
    folder = os.path.join(work, "hls")
    os.makedirs(folder)
    publish("-f", "hls", "-hls_time", "1", "-hls_list_size", "6", "-hls_flags", "delete_segments+program_date_time+temp_file", folder + "/live.m3u8")
    start([sys.executable, "-m", "http.server", "6106", "--bind", "127.0.0.1", "--directory", folder])
    time.sleep(7)


def file():
    publish("-f", "mpegts", "-flush_packets", "1", work + "/g.ts")
    time.sleep(1)


def fifo():
    os.mkfifo(work + "/pipe")
    publish("-f", "mpegts", work + "/pipe")


# name: (before the tail starts, address, most seconds of the protocol's own measured delay)
protocols = {
    "udp": (lambda: publish("-f", "mpegts", "udp://127.0.0.1:6101?pkt_size=1316"), "udp://127.0.0.1:6101", 0.3),
    "srt": (lambda: (publish("-f", "mpegts", "srt://127.0.0.1:6103?mode=listener&latency=120000&pkt_size=1316"), time.sleep(1)),
            "srt://127.0.0.1:6103?latency=120000", 0.3),
    "rtmp": (lambda: (nginx(), publish("-f", "flv", "rtmp://127.0.0.1/live/a"), time.sleep(2)), "rtmp://127.0.0.1/live/a", 0.1),
    "rtsp": (rtsp, "rtsp://127.0.0.1:8554/live", 1.0),
    "http": (lambda: (publish("-f", "mpegts", "-listen", "1", "http://127.0.0.1:6105/x"), time.sleep(1)), "http://127.0.0.1:6105/x", 0.1),
    "hls": (hls, "http://127.0.0.1:6106/live.m3u8", 1.8),
    "file": (file, work + "/g.ts", 0.2),
    "fifo": (fifo, work + "/pipe", 0.4),
    "lavfi": (lambda: None, f"lavfi:{picture}[out0];{sound}[out1]", 0.0),
}


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def clock(jpeg):
    """What the thumbnail says, in tenths of a second; None when it cannot be read."""
    read = subprocess.run(["tesseract", "-", "-", "--psm", "7", "-c", "tessedit_char_whitelist=0123456789"], input=jpeg, capture_output=True)
    digits = read.stdout.decode().strip().replace(" ", "")
    return int(digits) if len(digits) == 6 and digits.isdigit() else None


print("| protocol | first picture s | pictures read | freshness p50 s | p95 s | most s | remembered time less burned-in s | protocol's own s |")
print("|---|---|---|---|---|---|---|---|", flush=True)
for name, (prepare, address, own) in protocols.items():
    if wanted and name not in wanted:
        continue
    prepare()
    began = time.time()
    memory = f"{work}/{name}.memory"
    tail = subprocess.Popen([program, "tail", address, "--memory", memory, "--json"], stdin=subprocess.DEVNULL,
                            stdout=open(f"{work}/{name}.json", "w"), stderr=open(f"{work}/{name}.err", "w"))
    appeared, reader = {}, None
    while time.time() - began < seconds and tail.poll() is None:
        time.sleep(0.04)
        if reader is None:
            if os.path.exists(memory + "/memory.sqlite"):
                reader = sqlite3.connect(f"file:{memory}/memory.sqlite?mode=ro", uri=True, isolation_level=None)
            continue
        try:
            rows = reader.execute("SELECT frame, thumbnail, started_at + frame.start / 1e9 FROM frame_draft JOIN frame ON frame.id = frame "
                                  "JOIN stream ON stream.id = stream WHERE thumbnail IS NOT NULL AND frame > ?",
                                  (max(appeared, default=0),)).fetchall()
        except sqlite3.OperationalError:
            continue
        now = time.time()
        for number, jpeg, stored in rows:
            appeared[number] = (now, jpeg, stored)
    tail.send_signal(signal.SIGINT)
    tail.wait()
    for process in running:
        process.kill()
        process.wait()
    running.clear()
    ages, offsets = [], []
    for moment, jpeg, stored in appeared.values():
        burned = clock(jpeg)
        if burned is None:
            continue
        age = (moment - burned / 10) % 100000
        # A wrongly read digit is off by a power of ten; such pictures are left out and not counted.
        # What was made before the tail was started (the beginning of a file) cannot be fresh.
        if age < 60 and moment - age >= began - 0.1:
            ages.append(age)
            offsets.append(stored - moment + age)
    first = min((moment for moment, *_ in appeared.values()), default=None)
    if ages:
        print(f"| {name} | {first - began:.2f} | {len(ages)} of {len(appeared)} | {percentile(ages, 0.5):.2f} | {percentile(ages, 0.95):.2f} | "
              f"{max(ages):.2f} | {percentile(offsets, 0.5):+.2f} | {own} |", flush=True)
    else:
        print(f"| {name} | - | 0 of {len(appeared)} | - | - | - | - | {own} |", flush=True)
        print(open(f"{work}/{name}.err").read()[-400:], file=sys.stderr)
shutil.rmtree(work, ignore_errors=True)
