using System.Text.Json.Serialization;

namespace WhatsOps.Fleet;

/// <summary>What an operator may do; each role includes the ones before it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OperatorRole>))]
public enum OperatorRole
{
    [JsonStringEnumMemberName("viewer")]
    Viewer,
    [JsonStringEnumMemberName("operator")]
    Operator,
    [JsonStringEnumMemberName("approver")]
    Approver,
}
