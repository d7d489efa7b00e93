using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <inheritdoc/>
internal sealed class BrazilianPortugueseTexts : AlertTexts
{
    public override string Html => "pt-BR";

    public override string System => "Sistema";

    public override string Severity => "Severidade";

    public override string Gateway => "Gateway";

    public override string Tenant => "Cliente";

    public override string Cause => "Causa";

    public override string TenantsHit => "Clientes atingidos";

    public override string HeldBack => "Retidos";

    public override string Since => "Desde";

    public override string Lasted => "Durou";

    public override string Checked => "Verificado";

    public override string Tried => "Tentado";

    public override string Told => "Avisados";

    public override string Contacts => "Chamar";

    public override string Next => "Próximo passo";

    public override string Acknowledge => "Assumir";

    public override string NothingYet => "nada ainda";

    public override string NobodyYet => "ninguém antes";

    public override string RecoveredMark => "recuperado";

    public override string LinkAsk => "Você assume: sem lembretes e sem escalonamento, a menos que piore.";

    public override string LinkDone => "Assumido. Agora está com você.";

    public override string LinkSpent => "Este link já foi usado.";

    public override string LinkUnknown => "Este link é desconhecido ou velho demais. Use a mensagem mais recente, ou whatsops findings ack.";

    public override string Title(AlertEvent why, string what, string? level) => why switch
    {
        AlertEvent.Worsened => $"piorou: {what}",
        AlertEvent.StillOpen => $"continua: {what}",
        AlertEvent.Escalated => $"escalado para {level}: {what}",
        AlertEvent.Recovered => $"recuperado: {what}",
        _ => what,
    };

    public override string InTenant(string slug) => $"cliente {slug}";

    public override string OnGateway(string name) => $"no gateway {name}";

    public override string SeverityName(Severity severity) => severity switch
    {
        Fleet.Severity.Critical => "crítica",
        Fleet.Severity.High => "alta",
        Fleet.Severity.Medium => "média",
        Fleet.Severity.Low => "baixa",
        _ => "informação",
    };

    public override string RaisedFrom(string told, string check) => $"{told} (a verificação diz {check})";

    public override string Duration(TimeSpan time) => Rounded(time, "minutos", "horas", "dias");

    public override string Count(int bad, int good) => (bad, good) switch
    {
        (0, _) => $"{good} recuperados",
        (_, 0) => $"{bad} achados",
        _ => $"{bad} achados, {good} recuperados",
    };

    public override string More(int count) => $"e mais {count}";

    public override string Remedy(AttemptedRemedy attempt) => $"{attempt.Runbook} por {attempt.By} em {Time(attempt.At)}: {attempt.State}";

    public override string HoldsBack(int count) => count == 1 ? "1 achado que isto explica" : $"{count} achados que isto explica";

    public override string Unattended(TimeSpan time) => $"Ninguém assumiu há {Duration(time)}.";

    public override string InsteadOf(string route, string error) => $"enviado aqui porque a rota {route} falha ({Said(error)})";

    public override string Said(string words) => PortugueseWords.Of(words);

    public override string LinkState(string state, string? by) => by is null ? $"Já está {state}; não há nada a fazer aqui." : $"Já está {state}, por {by}; não há nada a fazer aqui.";

    public override string CauseOf(Finding finding) => PortugueseCauses.Of(finding) ?? finding.Cause;
}
