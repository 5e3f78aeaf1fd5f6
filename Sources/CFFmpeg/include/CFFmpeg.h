// What FFmpeg says with macros, variadic functions and callbacks, said with functions and constants that Swift can import.
#pragma once
#include <libavcodec/avcodec.h>
#include <libavdevice/avdevice.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libavutil/sha.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>

static const int64_t ffmpeg_nopts_value = AV_NOPTS_VALUE;
static const int ffmpeg_error_eof = AVERROR_EOF;
static const int ffmpeg_error_exit = AVERROR_EXIT;
static const int ffmpeg_error_invalid_data = AVERROR_INVALIDDATA;
static const int ffmpeg_error_again = AVERROR(EAGAIN);
// What a server answered: 401, 403, 404, another 4xx, any 5xx.
static const int ffmpeg_error_unauthorized = AVERROR_HTTP_UNAUTHORIZED;
static const int ffmpeg_error_forbidden = AVERROR_HTTP_FORBIDDEN;
static const int ffmpeg_error_not_found = AVERROR_HTTP_NOT_FOUND;
static const int ffmpeg_error_bad_request = AVERROR_HTTP_BAD_REQUEST;
static const int ffmpeg_error_other_4xx = AVERROR_HTTP_OTHER_4XX;
static const int ffmpeg_error_server = AVERROR_HTTP_SERVER_ERROR;
static inline int ffmpeg_error_from_errno(int code) { return AVERROR(code); }

// FFmpeg's log goes nowhere but into a per-thread memory of the first error since it was cleared, which makes a failure's message say why.
// Installing is idempotent and safe from any thread.
void ffmpeg_capture_log(void);
// Forgets this thread's error.
void ffmpeg_clear_log(void);
// This thread's first error as one line without its end, "" when there was none. Valid until this thread clears it.
const char *ffmpeg_first_log(void);

// Makes capture devices and lavfi known as formats. Idempotent, safe from any thread.
void ffmpeg_register_devices(void);

// Bytes read so far.
static inline int64_t ffmpeg_position(AVIOContext *io) { return avio_tell(io); }

// Scales a whole frame into up to three planes of one stride; returns the rows written or a negative error.
int ffmpeg_scale(struct SwsContext *context, const AVFrame *frame, uint8_t *first, uint8_t *second, uint8_t *third, int stride);
// Tells a scaler which YUV matrix and range the frame has, and which range grey or YUV output must have; the matrix is kept.
int ffmpeg_set_scale_colours(struct SwsContext *context, int source_space, int source_full, int target_full);
// Points at the samples of a decoded sound frame from sample `skip` on and converts them; NULL frame drains.
int ffmpeg_resample(struct SwrContext *context, const AVFrame *frame, int skip, float *output, int capacity);
// A resampler from the frame's format to mono float; NULL when the frame's format cannot be converted.
struct SwrContext *ffmpeg_mono_resampler(const AVFrame *frame, int rate);
// The display matrix of a frame (which may be NULL), else of its stream; NULL when neither has one.
const int32_t *ffmpeg_display_matrix(const AVFrame *frame, const AVStream *stream);
// The largest file position that the container's index says a packet of the stream ends at, and the time of the last entry in stream
// ticks; returns 0 when there is no index.
int ffmpeg_index_extent(AVStream *stream, int64_t *end_position, int64_t *last_time);
// Scales red, green and blue planes that lie one after another, or one grey plane, into a frame.
int ffmpeg_scale_planes(struct SwsContext *context, const uint8_t *samples, int width, int height, int planes, AVFrame *target);
