namespace WhatsOps.Tests.Unit.Embedded;

/// <summary>The reflection listing of the official assemblies (functions-api.txt) and the question whether a type keeps to it.</summary>
internal sealed class OfficialApi
{
    private readonly HashSet<string> members = [];
    private readonly Dictionary<string, string> heads = [];

    public OfficialApi()
    {
        using var reader = new StreamReader(typeof(OfficialApi).Assembly.GetManifestResourceStream("functions-api.txt")!);
        while (reader.ReadLine() is { } line)
        {
            if (line.Split('|', 3) is not [_, var type, var signature])
                continue;
            if (signature.StartsWith("0 ", StringComparison.Ordinal))
                heads[type] = signature[2..];
            else
                members.Add($"{type}|{signature}");
        }
    }

    /// <summary>What the type shows that the official one does not.</summary>
    /// <param name="declared">The type's name in the listing, when it is compared under another name.</param>
    public IEnumerable<string> Extras(Type type, string? declared = null)
    {
        var name = TypeNames.Of(type);
        var known = declared ?? name;
        var shown = ApiShape.MembersOf(type).Select(line => line.Replace(name, known, StringComparison.Ordinal)).ToArray();
        var (kind, parent, interfaces, usage) = ApiShape.HeadOf(type);
        if (heads.TryGetValue(known, out var head))
        {
            var (officialKind, bases) = Parse(head);
            if (kind != officialKind)
                yield return $"{known} is '{kind}', officially '{officialKind}'";
            if (parent is not null && kind != "struct" && bases.Length > 0 && bases[0] != parent)
                yield return $"{known} derives from {parent}, officially from {bases[0]}";
            foreach (var extra in interfaces.Where(i => !bases.Contains(i.Replace(name, known, StringComparison.Ordinal))))
                yield return $"{known} implements {extra}";
            if (usage.Length > 0 && !head.Contains($"[AttributeUsage({usage}", StringComparison.Ordinal))
                yield return $"{known} has AttributeUsage({usage})";
        }
        else if (!shown.Any(line => members.Any(m => m.StartsWith(known + "|", StringComparison.Ordinal)))
            && !(shown.Length == 0 && heads.Values.Any(h => Parse(h).Bases.Contains(known))))
        {
            // A base class that the listing only mentions may exist, but must show nothing of its own.
            yield return $"{known} is not an official type";
        }

        foreach (var line in shown.Where(line => !members.Contains(line)))
            yield return line;
    }

    private static (string Kind, string[] Bases) Parse(string head)
    {
        var text = head.Split(" [AttributeUsage", 2)[0];
        var (kind, rest) = (text.Split(" : ", 2)[0], text.Split(" : ", 2)[^1]);
        var bases = new List<string>();
        var (depth, start) = (0, 0);
        for (var i = 0; i <= rest.Length; i++)
        {
            if (i == rest.Length || (rest[i] == ',' && depth == 0))
            {
                bases.Add(rest[start..i].Trim());
                start = i + 1;
            }
            else if (rest[i] is '<' or '>')
            {
                depth += rest[i] == '<' ? 1 : -1;
            }
        }

        return (kind, [.. bases]);
    }
}
