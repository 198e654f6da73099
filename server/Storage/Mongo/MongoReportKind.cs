namespace SecureDrop.Server.Storage.Mongo;

/// <summary>What an id is: member <c>k</c> of its one document in <c>reports</c>.</summary>
internal enum MongoReportKind
{
    /// <summary>Parts come in.</summary>
    Open,

    /// <summary>Committed, in parts.</summary>
    Large,

    /// <summary>Whole.</summary>
    Text,

    /// <summary>Its day was completed before its commit; the parts are being removed.</summary>
    Gone,
}
