namespace WhatsOps.Gateways.TaktChat;

/// <summary>Who a login is.</summary>
/// <param name="Token">A JWT for ten years: in memory only.</param>
internal sealed record TaktChatUser(string Token, int Company)
{
    public override string ToString() => $"a user of company {Company}";
}
