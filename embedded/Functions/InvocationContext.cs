using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace WhatsOps.Embedded.Functions;

/// <summary>The host's own <see cref="FunctionContext"/>.</summary>
internal abstract class InvocationContext : FunctionContext
{
    public HttpContext? HttpContext { get; init; }
}
