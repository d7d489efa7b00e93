using Microsoft.AspNetCore.Http;

namespace WhatsOps.Fleet;

/// <summary>Who is calling: the key in header <c>x-whatsops-key</c> (or <c>Authorization: Bearer</c>) against the fleet's operators.</summary>
public interface IOperators
{
    /// <summary>The caller, at least of this role. Throws <see cref="AccessDeniedException"/> (401 unknown, 403 role too low).</summary>
    ValueTask<Operator> RequireAsync(HttpRequest request, OperatorRole role, CancellationToken cancellation);
}
