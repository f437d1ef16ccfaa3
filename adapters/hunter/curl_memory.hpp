#pragma once

namespace gleaner::hunter {

/// Starts libcurl, once, so that it wipes what it frees: its copies of a request hold the key.
/// Before any other start of libcurl, whose memory would else stay as it is.
void init_curl_once();

} // namespace gleaner::hunter
