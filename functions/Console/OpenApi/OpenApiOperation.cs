namespace WhatsOps.Console;

/// <summary>What the document says about one function beyond its route.</summary>
/// <param name="Answer">What a success answers.</param>
internal sealed record OpenApiOperation(string Summary, string Answer)
{
    public string Status { get; init; } = "200";

    /// <summary>Members of the JSON body; a trailing ? marks optional ones, <c>*</c> alone a free object.</summary>
    public IReadOnlyList<string> Body { get; init; } = [];

    /// <summary>Optional query parameters.</summary>
    public IReadOnlyList<string> Query { get; init; } = [];

    /// <summary>Whose key it needs: an operator's, or the scraper's token.</summary>
    public string Key { get; init; } = "operator";

    /// <summary>True: needs no key.</summary>
    public bool IsPublic { get; init; }
}
