namespace SecureDrop.Server.Privacy;

/// <summary>How a refusal is written: for programs, unless a listener knows better.</summary>
public class RefusalForm
{
    /// <summary>What is sent in answer to this request.</summary>
    public virtual IResult Of(HttpRequest request, Refusal refusal) => refusal;
}
