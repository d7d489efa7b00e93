using System.Text.Json;
using System.Text.RegularExpressions;

namespace WhatsOps.Tests.Integration.Simulator;

/// <summary>
/// Compares an answer with a recorded one: same members, same types, same values; only what differs from run to run
/// (ids, moments, tokens, codes, pictures, database texts) is compared by kind.
/// </summary>
internal static partial class Likeness
{
    /// <summary>What differs, one line each; empty when alike.</summary>
    public static IReadOnlyList<string> Differences(JsonElement recorded, JsonElement actual)
    {
        var found = new List<string>();
        Compare(recorded, actual, "$", found);
        return found;
    }

    private static void Compare(JsonElement recorded, JsonElement actual, string path, List<string> found)
    {
        if (recorded.ValueKind != actual.ValueKind)
        {
            found.Add($"{path}: {recorded.ValueKind} was recorded, {actual.ValueKind} came");
            return;
        }
        switch (recorded.ValueKind)
        {
            case JsonValueKind.Object:
                CompareMembers(recorded, actual, path, found);
                break;
            case JsonValueKind.Array:
                CompareItems(recorded, actual, path, found);
                break;
            case JsonValueKind.String:
                CompareText(recorded.GetString()!, actual.GetString()!, path, found);
                break;
            case JsonValueKind.Number when path.EndsWith("imestamp", StringComparison.Ordinal) || path.EndsWith(".low", StringComparison.Ordinal):
                break;
            default:
                if (recorded.GetRawText() != actual.GetRawText()) found.Add($"{path}: {recorded.GetRawText()} was recorded, {actual.GetRawText()} came");
                break;
        }
    }

    private static void CompareMembers(JsonElement recorded, JsonElement actual, string path, List<string> found)
    {
        var expected = recorded.EnumerateObject().Select(member => member.Name).ToList();
        var came = actual.EnumerateObject().Select(member => member.Name).ToList();
        found.AddRange(expected.Except(came).Select(name => $"{path}.{name} is missing"));
        found.AddRange(came.Except(expected).Select(name => $"{path}.{name} was never recorded"));
        foreach (var name in expected.Intersect(came)) Compare(recorded.GetProperty(name), actual.GetProperty(name), $"{path}.{name}", found);
    }

    // Rows come in the database's order; everything else in its own.
    private static void CompareItems(JsonElement recorded, JsonElement actual, string path, List<string> found)
    {
        var expected = Sorted(recorded);
        var came = Sorted(actual);
        if (expected.Count != came.Count) found.Add($"{path}: {expected.Count} items were recorded, {came.Count} came");
        for (var i = 0; i < Math.Min(expected.Count, came.Count); i++) Compare(expected[i], came[i], $"{path}[{i}]", found);
    }

    private static List<JsonElement> Sorted(JsonElement array)
    {
        var items = array.EnumerateArray().ToList();
        return items.TrueForAll(item => item.ValueKind == JsonValueKind.Object && item.TryGetProperty("name", out _))
            ? [.. items.OrderBy(item => item.GetProperty("name").GetString(), StringComparer.Ordinal)]
            : items;
    }

    private static void CompareText(string recorded, string actual, string path, List<string> found)
    {
        var kind = Kinds.FirstOrDefault(one => one.Pattern.IsMatch(recorded));
        if (kind.Name == "JSON")
        {
            using var expected = JsonDocument.Parse(recorded);
            using var came = JsonDocument.Parse(actual);
            Compare(expected.RootElement, came.RootElement, path + "(parsed)", found);
        }
        else if (kind.Name is null ? recorded != actual : !kind.Pattern.IsMatch(actual))
        {
            found.Add($"{path}: {kind.Name ?? recorded} was recorded, {actual} came");
        }
    }

    private static readonly (string? Name, Regex Pattern)[] Kinds =
    [
        ("UUID", Uuid()), ("token", Token()), ("row id", Cuid()), ("moment", Moment()), ("QR code", Code()), ("picture", Picture()),
        ("message id", Message()), ("database error", Database()), ("pairing code", Pairing()), ("JSON", ObjectText())
    ];

    [GeneratedRegex("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")] private static partial Regex Uuid();
    [GeneratedRegex("^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$")] private static partial Regex Token();
    [GeneratedRegex("^c[a-z0-9]{24}$")] private static partial Regex Cuid();
    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")] private static partial Regex Moment();
    [GeneratedRegex("^2@[^,]+,[^,]{44},[^,]{44},[^,]{44}$")] private static partial Regex Code();
    [GeneratedRegex("^data:image/png;base64,iVBORw0KGgo")] private static partial Regex Picture();
    [GeneratedRegex("^3EB0[0-9A-F]{18}$")] private static partial Regex Message();
    [GeneratedRegex("^(PrismaClientValidationError|\nInvalid `)")] private static partial Regex Database();
    [GeneratedRegex("^[A-Z0-9]{8}$")] private static partial Regex Pairing();
    [GeneratedRegex("^\\{.*\\}$")] private static partial Regex ObjectText();
}
