using System.Text.Json.Serialization;

namespace WhatsOps.Fleet;

/// <summary>What a rule makes of samples before it compares.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RuleFunction>))]
public enum RuleFunction
{
    /// <summary>The newest value.</summary>
    [JsonStringEnumMemberName("last")]
    Last,

    /// <summary>Mean of the window.</summary>
    [JsonStringEnumMemberName("average")]
    Average,

    /// <summary>99th percentile of the window.</summary>
    [JsonStringEnumMemberName("p99")]
    P99,

    /// <summary>How much a counter grew in the window; a smaller value is a counter that began again.</summary>
    [JsonStringEnumMemberName("increase")]
    Increase,

    /// <summary>Growth of a counter per second of the window.</summary>
    [JsonStringEnumMemberName("rate")]
    Rate,

    /// <summary>
    /// Growth of the metric as a part of the growth of <see cref="WatchRule.Of"/>, 0 to 1. The manual's <c>rate(…) &gt; 0.05</c> reads like 5 percent and is
    /// failures per second.
    /// </summary>
    [JsonStringEnumMemberName("ratio")]
    Ratio,

    /// <summary>Rate of the window over the mean rate of the day before it: 1 is as always .</summary>
    [JsonStringEnumMemberName("baseline")]
    Baseline,
}
