#pragma once

#include "adapters/bullmq/shallow_json.hpp"
#include "core/trace_context.hpp"

#include <string>

namespace gleaner::bullmq {

/// The span that queued a job, as BullMQ's telemetry has written it into the job's options: `tm` is
/// a carrier in JSON with a `traceparent`. Empty where there is none that can be read, and where
/// `omc` says that nothing is to go on from it. @pre `options` is an object
TraceContext read_telemetry(const Json& options);

/// Such a carrier, the value of `tm`. @pre context.valid()
std::string telemetry_json(const TraceContext& context);

} // namespace gleaner::bullmq
