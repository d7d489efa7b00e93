using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WhatsOps.Database;

/// <summary>Enums as the database and JSON spell them: one spelling, the JSON attribute's; without one in snake_case.</summary>
internal static class SnakeName<TEnum>
    where TEnum : struct, Enum
{
    private static readonly Dictionary<TEnum, string> Names = Enum.GetValues<TEnum>().ToDictionary(
        value => value,
        value => typeof(TEnum).GetField(value.ToString())!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

    private static readonly Dictionary<string, TEnum> Values = Names.ToDictionary(pair => pair.Value, pair => pair.Key);

    public static string Of(TEnum value) => Names[value];

    public static TEnum Parse(string name) => Values[name];

    public static bool TryParse(string name, out TEnum value) => Values.TryGetValue(name, out value);
}
