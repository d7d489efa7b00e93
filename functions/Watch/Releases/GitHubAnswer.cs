namespace WhatsOps.Watch;

/// <summary>What GitHub answered to one question.</summary>
/// <param name="Value">Null: the question is not answered.</param>
/// <param name="Status">0: nobody answered.</param>
/// <param name="Words">Why there is no value, one sentence; empty with one.</param>
internal sealed record GitHubAnswer<T>(T? Value, int Status, string Words)
    where T : class
{
    /// <summary>GitHub's own word for an error. Compared, and never repeated.</summary>
    public string Message { get; init; } = "";

    /// <summary>True: there is another page.</summary>
    public bool HasMore { get; init; }

    /// <summary>True: the next look may have the value. What is refused or not there stays so until somebody does something.</summary>
    public bool IsPassing => Value is null && Status is 0 or 200 or >= 500;
}
