using Microsoft.Extensions.Logging;
using Npgsql;

namespace WhatsOps.Embedded.Durable;

/// <summary>What outlives a session: it ends with the lease, these end with the process.</summary>
internal sealed record EngineParts(
    DurableEngineOptions Options,
    IDurableFunctions Functions,
    NpgsqlDataSource Source,
    ActivityDispatcher Activities,
    InstanceSignals Signals,
    TimeProvider Time,
    ILoggerFactory Loggers,
    IFaultPoints? Faults);
