using System.Text.Json.Nodes;

namespace WhatsOps.Fleet;

/// <summary>Says what changed from one fleet file to the next, by path; things with a name are matched by it, not by their position.</summary>
internal static class FleetDiff
{
    private const int MaxLines = 30;

    /// <summary>One line per change; empty when nothing changed.</summary>
    public static string Summary(string? before, string after)
    {
        var old = Flatten(before is null ? null : JsonNode.Parse(before));
        var now = Flatten(JsonNode.Parse(after));
        // Paths only, no values: the file holds no secrets, and a summary should not start to.
        var lines = now.Where(leaf => !old.ContainsKey(leaf.Key)).Select(leaf => $"added {leaf.Key}")
            .Concat(old.Where(leaf => !now.ContainsKey(leaf.Key)).Select(leaf => $"removed {leaf.Key}"))
            .Concat(now.Where(leaf => old.TryGetValue(leaf.Key, out var value) && value != leaf.Value).Select(leaf => $"changed {leaf.Key}"))
            .ToList();
        if (before is null) return $"first version ({now.Count} values)";
        return string.Join('\n', lines.Count <= MaxLines ? lines : [.. lines.Take(MaxLines), $"… and {lines.Count - MaxLines} more"]);
    }

    private static Dictionary<string, string> Flatten(JsonNode? root)
    {
        var leaves = new Dictionary<string, string>(StringComparer.Ordinal);
        Walk(root, "$");
        return leaves;

        void Walk(JsonNode? node, string path)
        {
            switch (node)
            {
                case JsonObject json when json.Count > 0:
                    foreach (var (name, value) in json) Walk(value, $"{path}.{name}");
                    break;
                case JsonArray array when array.Count > 0:
                    for (var index = 0; index < array.Count; index++)
                        Walk(array[index], $"{path}[{((array[index] as JsonObject)?["name"] as JsonValue)?.ToString() ?? index.ToString(System.Globalization.CultureInfo.InvariantCulture)}]");
                    break;
                default:
                    leaves[path] = node?.ToJsonString() ?? "null";
                    break;
            }
        }
    }
}
