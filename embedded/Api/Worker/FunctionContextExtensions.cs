using Microsoft.AspNetCore.Http;
using WhatsOps.Embedded.Functions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Reaches from an invocation to its request.</summary>
public static class FunctionContextExtensions
{
    public static HttpContext? GetHttpContext(this FunctionContext context) => (context as InvocationContext)?.HttpContext;
}
