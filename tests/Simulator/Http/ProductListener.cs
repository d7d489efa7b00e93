using System.Collections.Concurrent;
using WhatsOps.Simulator.Control;
using WhatsOps.Simulator.Faults;

namespace WhatsOps.Simulator.Http;

/// <summary>
/// What the simulated products beside Evolution have in common: a listener on loopback, the calls that it took, faults that spoil its answers, and
/// /__sim/, which controls both: <c>GET calls</c>, <c>POST faults</c>, <c>DELETE faults[?id=]</c>, and the product's own controls.
/// </summary>
internal sealed class ProductListener : IAsyncDisposable
{
    public const string AnyPort = "http://127.0.0.1:0";

    private readonly WebApplication _app;
    private readonly Func<HttpContext, Task<Answer>> _product;
    private readonly Func<string, HttpContext, Task<Answer?>> _control;
    private readonly Func<int, Answer> _failure;
    private readonly ConcurrentQueue<string> _calls = new();
    private readonly FaultRegistry _faults = new(new SimulatorRandom(1));
    private readonly CancellationTokenSource _life = new();

    /// <param name="product">The answer to a call.</param>
    /// <param name="control">The answer to a control of the product's own, called as <c>POST /scan</c>; null: it has none of that name.</param>
    /// <param name="failure">How the product answers with a status that a fault asks for.</param>
    public ProductListener(string url, Func<HttpContext, Task<Answer>> product, Func<string, HttpContext, Task<Answer?>> control, Func<int, Answer> failure)
    {
        (_product, _control, _failure) = (product, control, failure);
        _app = Listener.Create(url, AnswerAsync, ControlAsync);
    }

    /// <summary>Without a slash at the end.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Every call received, as <c>METHOD /path</c>: a query may hold a secret.</summary>
    public IReadOnlyList<string> Calls => [.. _calls];

    public async Task StartAsync()
    {
        await _app.StartAsync();
        Url = _app.Urls.First().TrimEnd('/');
    }

    /// <summary>Makes the product misbehave; returns the id for <see cref="ClearFaults"/>.</summary>
    public string SetFault(Fault fault) => fault.Kind is FaultKind.Pretend or FaultKind.WebhookRedirect or FaultKind.WebhookSilence
        ? throw new ArgumentException($"{fault.Kind} is a fault of Evolution alone.", nameof(fault))
        : _faults.Add(fault);

    public void ClearFaults(string? id = null) => _faults.Clear(id);

    public async ValueTask DisposeAsync()
    {
        // Calls that hang by a fault end with the life of the product.
        await _life.CancelAsync();
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _life.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var (method, path) = (context.Request.Method, context.Request.Path.Value ?? "/");
        _calls.Enqueue($"{method} {path}");
        var fault = _faults.Match(method, path, null);
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(_life.Token, context.RequestAborted);
        try
        {
            if (fault is { Kind: FaultKind.Slow }) await Task.Delay(fault.Delay, cut.Token);
            var answer = fault is { LetsAct: false } ? null : await _product(context);
            await Faulty.Send(context, answer, fault, _failure, _ => { }, cut.Token);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    private Task ControlAsync(HttpContext context) => ControlHttp.HandleAsync(context, async name => name switch
    {
        "GET /calls" => Answer.Ok(Calls),
        "POST /faults" => Answer.Created(new { id = SetFault(await ControlHttp.ReadAsync<Fault>(context)) }),
        "DELETE /faults" => ControlHttp.Done(() => ClearFaults(context.Request.Query["id"].FirstOrDefault())),
        _ => await _control(name, context),
    });
}
