using System.Net;

namespace WhatsOps.Cli;

/// <summary>Something the user can act on: a sentence, and what to do about it.</summary>
public sealed class CliProblem(string message, string? fix = null, HttpStatusCode? status = null) : Exception(message)
{
    public string? Fix { get; } = fix;

    /// <summary>The status that the API answered with; null where none answered.</summary>
    public HttpStatusCode? Status { get; } = status;
}
