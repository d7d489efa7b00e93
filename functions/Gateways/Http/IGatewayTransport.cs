namespace WhatsOps.Gateways;

/// <summary>Makes one request and turns whatever happens into an answer: it throws only when the caller cancels.</summary>
internal interface IGatewayTransport
{
    Task<GatewayAnswer<T>> SendAsync<T>(GatewayRequest call, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellation);
}
