namespace WhatsOps.Gateways;

/// <summary>A message as the gateway's own store has it.</summary>
/// <param name="Id">WhatsApp's id of the message (<c>key.id</c>).</param>
/// <param name="At">WhatsApp's time of the message, to the second.</param>
/// <param name="Type">The gateway's word, e.g. <c>conversation</c>.</param>
/// <param name="Json">The whole record: a person's words. Never log it or keep it in clear.</param>
public sealed record StoredMessage(string Id, bool IsFromMe, string Type, DateTimeOffset At, ReadOnlyMemory<byte> Json)
{
    public override string ToString() => $"{Id} {Type} {At:O}";
}
