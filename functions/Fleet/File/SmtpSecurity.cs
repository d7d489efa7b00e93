using System.Text.Json.Serialization;

namespace WhatsOps.Fleet;

/// <summary>How the connection to a mail server is protected.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SmtpSecurity>))]
public enum SmtpSecurity
{
    /// <summary>Begins in clear and must change to TLS before anything else; a server that does not offer it is refused.</summary>
    [JsonStringEnumMemberName("starttls")]
    StartTls,

    /// <summary>TLS from the first byte (port 465).</summary>
    [JsonStringEnumMemberName("tls")]
    Tls,

    /// <summary>In clear; a login is allowed on this machine only.</summary>
    [JsonStringEnumMemberName("none")]
    None,
}
