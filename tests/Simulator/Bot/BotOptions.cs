using System.Text.Json.Serialization;
using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator.Bot;

/// <summary>How a simulated IA Atendimento Bot is set up.</summary>
public sealed record BotOptions
{
    /// <summary>Where to listen; port 0 takes a free one.</summary>
    public string Url { get; init; } = ProductListener.AnyPort;

    /// <summary>The manual's <c>limit_req</c> in nginx: 10 requests a second and address, 20 more at once; what is beyond is 503.</summary>
    public bool HasRateLimit { get; init; } = true;

    /// <summary>The manual's <c>gzip on</c> in nginx, which alone compresses HTML and nothing else.</summary>
    public bool Compresses { get; init; } = true;

    /// <summary>How it is at the start.</summary>
    public BotState State { get; init; } = new();

    [JsonIgnore]
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
