#pragma once

#include "app/cluster_identity.hpp"
#include "app/command.hpp"
#include "app/tracing.hpp"

#include <prometheus/registry.h>

#include <memory>

namespace gleaner {

/// The traces of a command: what it has made is sent before this goes, for three seconds at most.
class CommandTracing {
public:
  /// The environment outlives it.
  explicit CommandTracing(const CommandEnvironment& environment)
      : exporter_(open_tracing(environment.config, environment.version, name_of_machine(), metrics_,
                               environment.log)) {}

  Tracer* tracer() const { return exporter_.get(); } ///< Null: nothing is traced.

private:
  prometheus::Registry registry_; ///< Nobody asks a command for it.
  TraceMetrics metrics_{registry_};
  std::unique_ptr<otlp::SpanExporter> exporter_;
};

} // namespace gleaner
