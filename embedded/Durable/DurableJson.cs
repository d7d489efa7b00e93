using System.Text.Json;
using Microsoft.DurableTask;

namespace WhatsOps.Embedded.Durable;

/// <summary>The JSON of inputs, outputs and events; the host uses the same options for activities.</summary>
internal sealed class DurableJson : DataConverter
{
    public static readonly DurableJson Default = new();

    /// <summary>Fields are included so that tuples survive, as in the official converter.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { IncludeFields = true };

    public override string? Serialize(object? value) => value is null ? null : JsonSerializer.Serialize(value, value.GetType(), Options);

    public override object? Deserialize(string? data, Type targetType) =>
        data is null ? null : JsonSerializer.Deserialize(data, targetType, Options);
}
