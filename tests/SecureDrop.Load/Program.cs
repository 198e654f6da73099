using System.CommandLine;
using SecureDrop.Load;

Argument<string> kind = new("kind") { Description = "texts, reports, checks or mixed" };
kind.AcceptOnlyFromAmong("texts", "reports", "checks", "mixed");
Option<int> clients = Number("--clients", 64, 1, 2_000, "visits at once");
Option<int> seconds = Number("--seconds", 30, 1, 3_600, "no visit begins after it");
Option<int> pause = Number("--pause-seconds", 0, 0, 3_600, "what a client waits between two visits, on average");
Option<int> size = Number("--size-mib", 8, 2, 5_120, "size class of larger reports");
Option<int> rate = Number("--kib-per-second", 0, 0, 1 << 20, "rate of each larger report; 0: as fast as it goes");
Option<int> servers = Number("--servers", 1, 1, 8, "how many servers; more than one needs --mongodb");
Option<bool> mongo = new("--mongodb") { Description = "over the MongoDB that SECUREDROP_TEST_MONGODB names, or a stock program beside the repository" };
Option<bool> peers = new("--peers") { Description = "beside it, a plain loop of files with an fsync each, and nginx' PUT" };
Option<string[]> settings = new("--set") { Description = "a setting of the server: Tickets:MostDifficulty=0" };

RootCommand root = new("Loads a drop of its own with visits as the page makes them; what was acknowledged is compared with what reviewers can fetch.")
{
    kind, clients, seconds, pause, size, rate, servers, mongo, peers, settings,
};
root.Validators.Add(result =>
{
    if (result.GetValue(servers) > 1 && !result.GetValue(mongo))
    {
        result.AddError("Several servers need a store that they share: add --mongodb.");
    }
});
root.SetAction((parsed, _) => LoadRun.RunAsync(new LoadOptions(
    parsed.GetValue(kind)!, parsed.GetValue(clients), parsed.GetValue(seconds), parsed.GetValue(pause), parsed.GetValue(size), parsed.GetValue(rate),
    parsed.GetValue(servers), parsed.GetValue(mongo), parsed.GetValue(peers), parsed.GetValue(settings) ?? [])));
return await root.Parse(args).InvokeAsync();

static Option<int> Number(string name, int otherwise, int least, int most, string description)
{
    Option<int> option = new(name) { Description = description, DefaultValueFactory = _ => otherwise };
    option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() is var value && (value < least || value > most))
        {
            result.AddError($"{name} is {least} to {most}.");
        }
    });
    return option;
}
