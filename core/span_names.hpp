#pragma once

#include <string>
#include <string_view>

/// What spans and their attributes are called: the one place, since OpenTelemetry's conventions for
/// messaging are still in development. Of a span that concerns a queue the name is
/// "<operation> <queue>".
namespace gleaner::span_names {

inline constexpr std::string_view send = "send";
inline constexpr std::string_view receive = "receive";
inline constexpr std::string_view process = "process";
inline constexpr std::string_view settle = "settle";
inline constexpr const char* get = "GET";
inline constexpr const char* order_page = "order page";
inline constexpr const char* normalize = "normalize";
inline constexpr const char* store = "store";

inline std::string of_queue(std::string_view operation, const std::string& queue) {
  return std::string{operation} + ' ' + queue;
}

} // namespace gleaner::span_names

namespace gleaner::span_keys {

inline constexpr std::string_view system = "messaging.system"; ///< Always "bullmq".
inline constexpr std::string_view queue = "messaging.destination.name";
inline constexpr std::string_view operation_name = "messaging.operation.name";
inline constexpr std::string_view operation_type = "messaging.operation.type";
inline constexpr std::string_view job_id = "messaging.message.id";
inline constexpr std::string_view client_id = "messaging.client.id";
inline constexpr std::string_view batch_size = "messaging.batch.message_count";
inline constexpr std::string_view job_name = "bullmq.job.name"; ///< As BullMQ's own spans have it.
inline constexpr std::string_view attempts_made = "bullmq.job.attempts.made";
inline constexpr std::string_view error_type = "error.type";
inline constexpr std::string_view method = "http.request.method";
inline constexpr std::string_view status = "http.response.status_code";
inline constexpr std::string_view resend_count = "http.request.resend_count";
inline constexpr std::string_view server_address = "server.address";
inline constexpr std::string_view server_port = "server.port";
inline constexpr std::string_view url_template = "url.template";
inline constexpr std::string_view domain = "gleaner.domain";
inline constexpr std::string_view page_offset = "gleaner.page.offset";
inline constexpr std::string_view page_limit = "gleaner.page.limit";
inline constexpr std::string_view node = "gleaner.node";
inline constexpr std::string_view contacts = "gleaner.contacts";
inline constexpr std::string_view group_size = "gleaner.store.group_size";

} // namespace gleaner::span_keys
