namespace SecureDrop.Load;

/// <summary>What a run does, and its bounds: it ends by itself.</summary>
/// <param name="Kind"><c>texts</c>, <c>reports</c>, <c>checks</c>, or <c>mixed</c>: of ten visits six checks, four texts, and of a hundred one report.</param>
/// <param name="Clients">Visits at once.</param>
/// <param name="Seconds">No visit begins after it.</param>
/// <param name="PauseInSeconds">What a client waits between two visits, on average.</param>
/// <param name="ReportInMebibytes">Size class of larger reports.</param>
/// <param name="KibibytesPerSecond">Rate of each larger report; 0: as fast as it goes.</param>
/// <param name="Servers">How many servers; more than one needs MongoDB.</param>
/// <param name="IsMongo">Over a MongoDB instead of the embedded store.</param>
/// <param name="HasPeers">Beside them, in the same run, the plain loop of files and nginx.</param>
/// <param name="Settings">Further settings of the server.</param>
internal sealed record LoadOptions(
    string Kind, int Clients, int Seconds, int PauseInSeconds, int ReportInMebibytes, int KibibytesPerSecond, int Servers, bool IsMongo, bool HasPeers, string[] Settings);
