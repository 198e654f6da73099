using System.Text;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Replies;
using SecureDrop.Tests.Archives;

namespace SecureDrop.Tests.Replies;

/// <summary>Plaintexts of replies, wrong ones too.</summary>
internal static class ReplyBytes
{
    internal static byte[] Plaintext(byte[] json, StatementPurpose purpose, MinisignKeyPair signer) => TarBytes.Archive(
        ReplyPlaintext.SizeInBytes,
        TarBytes.Member("reply.json", json),
        TarBytes.Member("reply.json.minisig", Encoding.ASCII.GetBytes(SignedStatement.Sign(purpose, json, signer).Signature)));
}
