#include "CFFmpeg.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

static _Thread_local char first_line[512];

static void remember(void *source, int level, const char *format, va_list arguments) {
  if (level > AV_LOG_ERROR || first_line[0]) return;
  char line[sizeof first_line];
  vsnprintf(line, sizeof line, format, arguments);
  size_t length = strcspn(line, "\r\n");
  if (length == 0) return;
  memcpy(first_line, line, length);
  first_line[length] = 0;
}

static void install(void) { av_log_set_callback(remember); }

void ffmpeg_capture_log(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, install);
}

void ffmpeg_clear_log(void) { first_line[0] = 0; }

const char *ffmpeg_first_log(void) { return first_line; }

void ffmpeg_register_devices(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, avdevice_register_all);
}

int ffmpeg_scale(struct SwsContext *context, const AVFrame *frame, uint8_t *first, uint8_t *second, uint8_t *third, int stride) {
  uint8_t *planes[4] = {first, second, third, NULL};
  int strides[4] = {stride, second ? stride : 0, third ? stride : 0, 0};
  return sws_scale(context, (const uint8_t *const *)frame->data, frame->linesize, 0, frame->height, planes, strides);
}

int ffmpeg_set_scale_colours(struct SwsContext *context, int source_space, int source_full, int target_full) {
  const int *matrix = sws_getCoefficients(source_space);
  return sws_setColorspaceDetails(context, matrix, source_full, matrix, target_full, 0, 1 << 16, 1 << 16);
}

int ffmpeg_resample(struct SwrContext *context, const AVFrame *frame, int skip, float *output, int capacity) {
  uint8_t *out[1] = {(uint8_t *)output};
  if (!frame) return swr_convert(context, out, capacity, NULL, 0);
  int channels = frame->ch_layout.nb_channels, bytes = av_get_bytes_per_sample(frame->format);
  int planar = av_sample_fmt_is_planar(frame->format), planes = planar ? channels : 1;
  const uint8_t *in[64];
  if (planes > 64 || skip > frame->nb_samples) return AVERROR(EINVAL);
  for (int i = 0; i < planes; i++) in[i] = frame->extended_data[i] + (size_t)skip * bytes * (planar ? 1 : channels);
  return swr_convert(context, out, capacity, in, frame->nb_samples - skip);
}

struct SwrContext *ffmpeg_mono_resampler(const AVFrame *frame, int rate) {
  AVChannelLayout mono = AV_CHANNEL_LAYOUT_MONO, source = {0};
  struct SwrContext *context = NULL;
  if (frame->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC) {
    av_channel_layout_default(&source, frame->ch_layout.nb_channels);
  } else if (av_channel_layout_copy(&source, &frame->ch_layout) < 0) {
    return NULL;
  }
  int result = swr_alloc_set_opts2(&context, &mono, AV_SAMPLE_FMT_FLT, rate, &source, frame->format, frame->sample_rate, 0, NULL);
  // A mix of several channels stays within the range of one, as it does for whole-number samples.
  if (result >= 0) result = av_opt_set_double(context, "rematrix_maxval", 1.0, 0);
  if (result >= 0) result = swr_init(context);
  av_channel_layout_uninit(&source);
  if (result < 0) swr_free(&context);
  return context;
}

const int32_t *ffmpeg_display_matrix(const AVFrame *frame, const AVStream *stream) {
  const AVFrameSideData *own = frame ? av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX) : NULL;
  if (own && own->size >= 9 * sizeof(int32_t)) return (const int32_t *)own->data;
  size_t size = 0;
  const uint8_t *matrix = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
  return matrix && size >= 9 * sizeof(int32_t) ? (const int32_t *)matrix : NULL;
}

int ffmpeg_index_extent(AVStream *stream, int64_t *end_position, int64_t *last_time) {
  int count = avformat_index_get_entries_count(stream);
  *end_position = 0;
  *last_time = AV_NOPTS_VALUE;
  for (int i = 0; i < count; i++) {
    const AVIndexEntry *entry = avformat_index_get_entry(stream, i);
    if (entry->pos + entry->size > *end_position) *end_position = entry->pos + entry->size;
    if (*last_time == AV_NOPTS_VALUE || entry->timestamp > *last_time) *last_time = entry->timestamp;
  }
  return count > 0;
}

int ffmpeg_scale_planes(struct SwsContext *context, const uint8_t *samples, int width, int height, int planes, AVFrame *target) {
  size_t plane = (size_t)width * height;
  const uint8_t *colour[4] = {samples + plane, samples + 2 * plane, samples, NULL}, *grey[4] = {samples};
  int colour_strides[4] = {width, width, width, 0}, grey_strides[4] = {width};
  return planes == 3 ? sws_scale(context, colour, colour_strides, 0, height, target->data, target->linesize)
                     : sws_scale(context, grey, grey_strides, 0, height, target->data, target->linesize);
}
