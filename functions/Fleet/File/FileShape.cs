using System.Text.Json.Serialization;

namespace WhatsOps.Fleet;

/// <summary>How the content of a file target is read.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FileShape>))]
public enum FileShape
{
    /// <summary>It is not read; only who may read it is looked at .</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>PM2's <c>ecosystem.config.js</c>, as text: nothing of it is run .</summary>
    [JsonStringEnumMemberName("pm2")]
    Pm2,

    /// <summary>nginx' configuration .</summary>
    [JsonStringEnumMemberName("nginx")]
    Nginx,
}
