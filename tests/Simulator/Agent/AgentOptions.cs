using System.Text.Json.Serialization;
using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator.Agent;

/// <summary>How a simulated WhatsApp Agent is set up.</summary>
public sealed record AgentOptions
{
    /// <summary>Where to listen; port 0 takes a free one.</summary>
    public string Url { get; init; } = ProductListener.AnyPort;

    /// <summary><c>hub.verify_token</c>, as Meta knows it.</summary>
    public string VerifyToken { get; init; } = "verify-token";

    /// <summary>Meta's app secret. Null: it is not set, and no signature is asked for.</summary>
    public string? AppSecret { get; init; } = "app-secret";

    /// <summary>
    /// True: as its nginx publishes it, which speaks https for it and lets neither <c>/metrics</c> nor <c>/production</c> through. False: the port of the app
    /// itself, which sends everything but <c>/health</c> to https unless <c>X-Forwarded-Proto</c> says that it is.
    /// </summary>
    public bool IsBehindNginx { get; init; } = true;

    /// <summary>How it is at the start.</summary>
    public AgentState State { get; init; } = new();

    [JsonIgnore]
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
