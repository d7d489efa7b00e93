using WhatsOps.Findings;

namespace WhatsOps.Alerts;

/// <summary>
/// Causes in Portuguese, made from kind and evidence, since the check wrote its sentence in English. A kind without a sentence here, or a finding
/// that lacks the facts of its sentence, keeps the check's own words.
/// </summary>
internal static class PortugueseCauses
{
    private static readonly Dictionary<string, Func<Facts, string>> Sentences = new(StringComparer.Ordinal)
    {
        ["gateway_unreachable"] = it => $"O gateway {it.Gateway} não entrega a lista de instâncias ({it["list"]}); a página inicial: {it["probe"]}. {Behind(it["tenants_behind"])}",
        ["gateway_unauthorized"] = it => it.Has("list")
            ? $"O gateway {it.Gateway} recusa a chave: nada se sabe das suas instâncias. Ponha o AUTHENTICATION_API_KEY do gateway onde o arquivo da frota aponta."
            : $"Não há chave para o gateway {it.Gateway}: a referência do arquivo da frota não tem valor.",
        ["gateway_degraded"] = it => it.Has("down")
            ? $"{it["down"]} de {it["instances"]} instâncias caíram em 15 minutos: é uma falha do gateway ou do caminho até o WhatsApp, não de cada cliente."
            : $"O gateway {it.Gateway} lista as instâncias, mas a página inicial falha ({it["probe"]}); ela chama web.whatsapp.com: veja a saída para a internet.",
        ["product_database_unreachable"] = it => $"O banco de dados do produto não pode ser lido: {it["problem"]}. Enquanto isso, clientes e suas linhas não são verificados.",
        ["instance_missing"] = it => it.Gateway is { } gateway ? $"A instância {it.Instance} não existe no gateway {gateway}." : $"A instância {it.Instance} não existe em nenhum gateway de {it.System}.",
        ["instance_not_open"] = it => $"O WhatsApp não está conectado: a instância está em {it["state"]}.",
        ["instance_stuck_connecting"] = it => $"Presa em connecting desde {it["since"]}, mais de {it["threshold_minutes"]} minutos; QR codes na última hora: {it["qr_codes"]}.",
        ["instance_logged_out"] = it => $"O WhatsApp encerrou a sessão de vez (motivo {it["reason"]}{Meaning(it["reason"])}); só parear de novo resolve.",
        ["instance_not_loaded"] = _ => "O gateway tem a instância no banco de dados, mas não na memória: está iniciando ou a perdeu. Se continuar, reinicie o gateway.",
        ["instance_unreadable"] = it => $"O gateway responde, mas não sobre esta instância ({it["outcome"]}).",
        ["instance_unstable"] = it => $"{it["disconnections"]} desconexões em {it["window_hours"]} horas; veja a rede do telefone, outro aparelho na conta ou a saída do gateway.",
        ["instance_qr_churn"] = it => $"{it["qr_codes"]} QR codes foram mostrados em uma hora e ninguém terminou o pareamento; com 30 o gateway desiste.",
        ["instance_state_contradiction"] = it => $"A lista do gateway diz {it["listed"]}, a consulta direta diz {it["direct"]}; vale a consulta direta.",
        ["integration_inactive_seen_open"] = it => it.Has("last_seen_open")
            ? $"O produto marcou a integração como inativa, mas ela esteve conectada até {it["last_seen_open"]}: é uma queda, não uma escolha. Se foi escolha, aceite o achado."
            : "O produto desligou a integração embora o WhatsApp esteja conectado: as mensagens não são enviadas.",
        ["integration_without_instance_name"] = it => $"A linha do produto não tem nome de instância; espera-se {it["expected"]}.",
        ["instance_name_mismatch"] = it => it.Has("owner")
            ? $"A linha do produto aponta a instância {it["configured"]}, que é do cliente {it["owner"]}: as mensagens sairiam do número de outro cliente."
            : $"A linha do produto aponta a instância {it["configured"]}; espera-se {it["expected"]}.",
        ["tenant_isolation_slug_mismatch"] = it => $"O webhook do cliente {it.Tenant} entrega eventos da instância {it.Instance}, que não é dele: mensagens de dois clientes podem estar misturadas.",
        ["webhook_proof_failures"] = it => $"Os webhooks do cliente {it.Tenant} não trazem prova que combine com o segredo dele ({it["refused"]} recusados); com essa resposta o gateway descarta o evento de vez.",
        ["sweep_incomplete"] = it => $"A varredura não viu tudo: {it["part_1"]}. Nada é fechado nessas partes.",
        ["fleet_invalid"] = it => $"O arquivo da frota enviado por {it["by"]} foi recusado; a versão anterior continua em vigor.",
        ["run_waiting_approval"] = it => $"A execução {it["run"]} para {it.Tenant} espera um aprovador; silêncio quer dizer não.",
        ["run_stuck"] = it => $"A execução {it["run"]} está parada (estado {it["state"]}).",
        ["run_compensation_failed"] = it => $"A execução {it["run"]} falhou em {it["failedStep"]} e não conseguiu desfazer: {it["notTakenBack"]}.",
        ["routine_failed"] = it => $"A rotina {it["routine"]} de {it.System} falhou; o que ela vigia não está sendo vigiado.",
        [DeadRoutes.Kind] = it => $"A rota de alertas {it["route"]} não entrega desde {it["failing_since"]}: {it["error"]}. Tentativas: {it["attempts"]}; na fila: {it["waiting"]}; desistidas: {it["given_up"]}.",
    };

    public static IEnumerable<string> Kinds => Sentences.Keys;

    /// <returns>Null: there is no sentence for it.</returns>
    public static string? Of(Finding finding)
    {
        if (!Sentences.TryGetValue(finding.Kind, out var sentence)) return null;
        var facts = new Facts(finding);
        var text = sentence(facts);
        return facts.IsComplete ? text : null;
    }

    private static string Behind(string tenants) => tenants switch
    {
        "0" => "Nenhum cliente ativo conhecido depende dele.",
        "1" => "1 cliente depende dele.",
        _ => $"{tenants} clientes dependem dele.",
    };

    private static string Meaning(string reason) => reason switch
    {
        "401" => ": o aparelho foi removido no telefone",
        "403" => ": a conta está bloqueada",
        _ => "",
    };

    private sealed class Facts(Finding finding)
    {
        public bool IsComplete { get; private set; } = true;

        public string System => finding.System;

        public string? Gateway => finding.Gateway;

        public string? Tenant => finding.Tenant;

        public string? Instance => finding.Instance;

        public string this[string name]
        {
            get
            {
                if (finding.Evidence.TryGetValue(name, out var value)) return value;
                IsComplete = false;
                return "";
            }
        }

        public bool Has(string name) => finding.Evidence.ContainsKey(name);
    }
}
