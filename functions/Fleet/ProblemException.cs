namespace WhatsOps.Fleet;

/// <summary>A request that cannot be done as asked; the middleware answers it as <c>{error, field, fix}</c> with this status.</summary>
/// <param name="field">JSON path of the offending value, or null.</param>
/// <param name="fix">What the caller can do about it, or null.</param>
public sealed class ProblemException(int status, string error, string? field = null, string? fix = null) : Exception(error)
{
    public int Status { get; } = status;

    public string? Field { get; } = field;

    public string? Fix { get; } = fix;
}
