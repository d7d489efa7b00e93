namespace WhatsOps.Gateways.Evolution;

/// <summary>The two dialects: 1.x (1.8 is the last) and 2.x. They differ in create, webhook/set, restart and the shape of the list.</summary>
internal enum EvolutionVersion
{
    V1 = 1,
    V2 = 2,
}
