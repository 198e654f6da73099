namespace SecureDrop.Crypto.Replies;

/// <summary>A reply whose signature verified, by a signer of a roster.</summary>
public sealed record SignedReply(Reply Reply, ReplySigner Signer);
