using System.Text.Json.Serialization;

namespace WhatsOps.Fleet;

/// <summary>Products whose tables tell how their WhatsApp sessions are.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ProductTables>))]
public enum ProductTables
{
    /// <summary><c>"Whatsapps"</c>: only CONNECTED is well .</summary>
    [JsonStringEnumMemberName("taktchat")]
    TaktChat,

    /// <summary><c>instances</c>, whose status follows the socket, which the API's <c>connected</c> does not .</summary>
    [JsonStringEnumMemberName("turbozap")]
    TurboZap,

    /// <summary><c>conversations</c>, <c>messages</c>, <c>appointments</c> (R-177, R-178, R-180).</summary>
    [JsonStringEnumMemberName("agent")]
    Agent,
}
