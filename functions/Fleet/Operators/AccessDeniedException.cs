namespace WhatsOps.Fleet;

/// <summary>The caller is unknown (401) or may not do this (403).</summary>
public sealed class AccessDeniedException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
