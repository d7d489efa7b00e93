using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace WhatsOps.Fleet;

/// <summary>
/// Compares a fleet file with the shape of the records: unknown names, missing ones, wrong types, malformed references. What is wrong is
/// removed or replaced by a stand-in, so that the rest can still be read.
/// </summary>
internal static class FleetShape
{
    private static readonly NullabilityInfoContext Nullability = new();

    public static void Check(JsonObject root, FleetProblems problems) => Object(root, typeof(FleetDocument), "$", problems);

    private static void Object(JsonObject json, Type type, string path, FleetProblems problems)
    {
        var members = FleetJson.Options.GetTypeInfo(type).Properties;
        foreach (var (name, _) in json.ToArray())
        {
            // Editors look for the schema here.
            if (members.Any(member => member.Name == name) || (path == "$" && name == "$schema")) continue;
            var hint = NearestName.Of(name, members.Select(member => member.Name)) is { } nearest ? $"did you mean {nearest}?" : $"remove it; known here: {string.Join(", ", members.Select(member => member.Name))}";
            problems.AddBroken(Child(path, name), "is not known", hint);
            json.Remove(name);
        }

        foreach (var member in members) Member(json, member, Child(path, member.Name), problems);
    }

    private static void Member(JsonObject json, JsonPropertyInfo member, string path, FleetProblems problems)
    {
        if (!json.TryGetPropertyValue(member.Name, out var value))
        {
            if (!member.IsRequired) return;
            problems.AddBroken(path, "is missing", $"add {member.Name}: {Expected(member.PropertyType)}");
            json[member.Name] = StandIn(member.PropertyType);
        }
        else if (value is null)
        {
            if (IsNullable(member)) return;
            problems.AddBroken(path, "must not be null", member.IsRequired ? $"give {Expected(member.PropertyType)}" : "leave it out for the default");
            Mend(json, member);
        }
        else if (!Fits(value, member.PropertyType, path, problems))
        {
            Mend(json, member);
        }
    }

    /// <summary>Checks a value and what is in it; false when it cannot be read as the type at all.</summary>
    private static bool Fits(JsonNode? value, Type type, string path, FleetProblems problems)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (ItemType(type, typeof(IReadOnlyList<>), 0) is { } item) return List(value, item, path, problems);
        if (ItemType(type, typeof(IReadOnlyDictionary<,>), 1) is { } entry) return Entries(value, entry, path, problems);
        if (IsRecord(type))
        {
            if (value is not JsonObject json) return Wrong(type, path, problems);
            Object(json, type, path, problems);
            return true;
        }

        return Leaf(value, type, path, problems);
    }

    private static bool List(JsonNode? value, Type item, string path, FleetProblems problems)
    {
        if (value is not JsonArray array) return Wrong(typeof(IReadOnlyList<>), path, problems);
        for (var index = 0; index < array.Count; index++)
            if (!Fits(array[index], item, $"{path}[{index}]", problems)) array[index] = StandIn(item);
        return true;
    }

    private static bool Entries(JsonNode? value, Type entry, string path, FleetProblems problems)
    {
        if (value is not JsonObject json) return Wrong(typeof(IReadOnlyDictionary<,>), path, problems);
        foreach (var (name, inner) in json.ToArray())
            if (!Fits(inner, entry, Child(path, name), problems)) json[name] = StandIn(entry);
        return true;
    }

    private static bool Leaf(JsonNode? value, Type type, string path, FleetProblems problems)
    {
        try
        {
            if (value?.Deserialize(type, FleetJson.Options) is not { } leaf) return Wrong(type, path, problems);
            if (leaf is string text && References.MalformedIn(text)) problems.AddBroken(path, "holds a malformed reference", "write ${env:NAME}, with letters, digits and _ in the name");
            return true;
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or FormatException)
        {
            return Wrong(type, path, problems);
        }
    }

    private static bool Wrong(Type type, string path, FleetProblems problems)
    {
        problems.AddBroken(path, $"must be {Expected(type)}", "correct the value");
        return false;
    }

    private static void Mend(JsonObject json, JsonPropertyInfo member)
    {
        if (member.IsRequired) json[member.Name] = StandIn(member.PropertyType);
        else json.Remove(member.Name);
    }

    private static JsonNode? StandIn(Type type) =>
        type == typeof(string) ? ""
        : type == typeof(int) || type == typeof(decimal) ? 0
        : type == typeof(TimeOnly) ? "00:00"
        : type.IsEnum ? Names(type)[0]
        : IsRecord(type) ? RecordStandIn(type)
        : new JsonArray();

    private static JsonObject RecordStandIn(Type type) =>
        new(FleetJson.Options.GetTypeInfo(type).Properties.Where(member => member.IsRequired).Select(member => new KeyValuePair<string, JsonNode?>(member.Name, StandIn(member.PropertyType))));

    private static string Expected(Type type) =>
        type == typeof(string) ? "a text"
        : type == typeof(int) ? "a whole number"
        : type == typeof(decimal) ? "a number"
        : type == typeof(bool) ? "true or false"
        : type == typeof(TimeOnly) ? "a time as HH:mm"
        : type == typeof(DateOnly) ? "a date as yyyy-MM-dd"
        : type.IsEnum ? "one of " + string.Join(", ", Names(type))
        : type.IsGenericType && type.Name.StartsWith("IReadOnlyList", StringComparison.Ordinal) ? "an array"
        : "an object";

    private static string[] Names(Type type) => [.. type.GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? field.Name)];

    private static bool IsRecord(Type type) => type.Assembly == typeof(FleetDocument).Assembly && type.IsClass;

    private static bool IsNullable(JsonPropertyInfo member) =>
        member.AttributeProvider is PropertyInfo property && Nullability.Create(property).ReadState == NullabilityState.Nullable;

    private static Type? ItemType(Type type, Type generic, int argument) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == generic ? type.GetGenericArguments()[argument] : null;

    private static string Child(string path, string name) => name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_') ? $"{path}.{name}" : $"{path}['{name}']";
}
