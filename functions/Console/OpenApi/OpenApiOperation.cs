namespace WhatsOps.Console;

/// <summary>What the document says about one function beyond its route.</summary>
/// <param name="Answer">What a success answers.</param>
internal sealed record OpenApiOperation(string Summary, string Answer)
{
    public string Status { get; init; } = "200";

    /// <summary>What a success answers as JSON; null: nothing, or only <see cref="Media"/>.</summary>
    public Type? Json { get; init; }

    /// <summary>Further members of that JSON.</summary>
    public IReadOnlyDictionary<string, Type> More { get; init; } = new Dictionary<string, Type>();

    /// <summary>Media types besides JSON.</summary>
    public IReadOnlyList<string> Media { get; init; } = [];

    /// <summary>What <c>dryRun=true</c> answers with 200, when that is something else.</summary>
    public Type? Plan { get; init; }

    /// <summary>The JSON it reads; null: it reads no body.</summary>
    public Type? Body { get; init; }

    /// <summary>The members of <see cref="Body"/> without which it answers 400.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>Optional query parameters.</summary>
    public IReadOnlyList<string> Query { get; init; } = [];

    /// <summary>Whose key it needs: an operator's, or the scraper's token.</summary>
    public string Key { get; init; } = "operator";

    /// <summary>True: needs no key.</summary>
    public bool IsPublic { get; init; }
}
