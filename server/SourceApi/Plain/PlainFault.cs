using SecureDrop.Server.Privacy;

namespace SecureDrop.Server.SourceApi.Plain;

/// <summary>Why the form's file was not taken. Each has a status, and sentences of its own in both languages.</summary>
internal enum PlainFault
{
    NotAForm,
    NoFile,
    MoreThanOne,
    NotSealed,
    Armoured,
    OtherRecipients,
    WrongLength,
    TooLarge,
    TooSlow,
    Busy,
    Quota,
    Full,
    NotSetUp,
    Nothing,
    WrongMethod,
    WrongHost,

    /// <summary>Of the page of the drop, which as many have open as there are places for.</summary>
    NoPage,
}

internal static class PlainFaults
{
    public static int StatusOf(PlainFault fault) => fault switch
    {
        PlainFault.TooLarge => StatusCodes.Status413PayloadTooLarge,
        PlainFault.TooSlow => StatusCodes.Status408RequestTimeout,
        PlainFault.Nothing => StatusCodes.Status404NotFound,
        PlainFault.WrongMethod => StatusCodes.Status405MethodNotAllowed,
        PlainFault.WrongHost => StatusCodes.Status421MisdirectedRequest,
        PlainFault.Busy or PlainFault.NoPage or PlainFault.Quota or PlainFault.Full or PlainFault.NotSetUp => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status400BadRequest,
    };

    public static int? RetryAfterSecondsOf(PlainFault fault) => fault switch
    {
        PlainFault.Busy or PlainFault.NoPage => Refusals.BusySeconds,
        PlainFault.Quota or PlainFault.Full or PlainFault.NotSetUp => Refusals.FullSeconds,
        _ => null,
    };

    /// <summary>The fault that says to a person what a refusal says to a program.</summary>
    public static PlainFault Of(Refusal refusal) => refusal.Status switch
    {
        StatusCodes.Status404NotFound => PlainFault.Nothing,
        StatusCodes.Status405MethodNotAllowed => PlainFault.WrongMethod,
        StatusCodes.Status408RequestTimeout => PlainFault.TooSlow,
        StatusCodes.Status413PayloadTooLarge => PlainFault.TooLarge,
        StatusCodes.Status421MisdirectedRequest => PlainFault.WrongHost,
        StatusCodes.Status503ServiceUnavailable => refusal.RetryAfterSeconds >= Refusals.FullSeconds ? PlainFault.Full : PlainFault.Busy,
        _ => PlainFault.NotAForm,
    };
}
