using System.Text.Json;

namespace WhatsOps.Embedded.Functions;

/// <summary>How inputs and outputs of orchestrations and activities are written. Changing it breaks instances in flight.</summary>
internal static class DurableJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { IncludeFields = true };
}
