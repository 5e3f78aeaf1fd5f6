// What FFmpeg says with macros, said with functions and constants that Swift can import.
#pragma once
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>

static const int64_t ffmpeg_nopts_value = AV_NOPTS_VALUE;
static const int ffmpeg_error_eof = AVERROR_EOF;
static const int ffmpeg_error_exit = AVERROR_EXIT;
static const int ffmpeg_error_invalid_data = AVERROR_INVALIDDATA;
static inline int ffmpeg_error_from_errno(int code) { return AVERROR(code); }
