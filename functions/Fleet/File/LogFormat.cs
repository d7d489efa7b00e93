using System.Text.Json.Serialization;

namespace WhatsOps.Fleet;

/// <summary>How the lines of a log file are written.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LogFormat>))]
public enum LogFormat
{
    /// <summary>Lines for people, whose level is a word.</summary>
    [JsonStringEnumMemberName("text")]
    Text,

    /// <summary>A JSON object per line, as pino, winston and structlog write it.</summary>
    [JsonStringEnumMemberName("json")]
    Json,

    /// <summary>nginx' access log in its own format <c>combined</c>, or one that begins like it.</summary>
    [JsonStringEnumMemberName("nginx")]
    Nginx,
}
