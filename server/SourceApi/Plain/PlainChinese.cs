namespace SecureDrop.Server.SourceApi.Plain;

/// <inheritdoc/>
internal sealed class PlainChinese : PlainTexts
{
    private const string NothingKept = "服务器没有保留任何内容。";

    public override string Language => "zh-Hans";
    public override string OwnName => "中文";

    public override string Title => "不用 JavaScript 发送";
    public override string Lead => "本页不能替您密封。您要在自己的电脑上用程序密封，这里只接收密封好的文件。这里什么也不能写。";
    public override string Ordinary => "如果可以，请改用普通页面（Tor 浏览器的“更安全”级别就够了）。它会替您完成这一切，还让您能回来看回复。";
    public override string BeforeTitle => "继续之前";
    public override IReadOnlyList<string> Before =>
    [
        "在这里没有人能回复您，也没有十二个词。如果您想得到回复，请在内容里写明怎样联系您，或者使用普通页面。",
        "您的浏览器不会核对本页的任何内容。此刻控制这台服务器的人可以给您看他自己的密钥，然后读到您发送的内容。",
        "监视您网络的人能看出您发送了东西，以及大约多少。请使用 Tor 浏览器。",
        "请使用只属于您自己的电脑，不要用单位的电脑。",
        "文件透露的比您想的多：照片会透露拍摄地点，文档会透露作者。它们会原样发送。",
    ];

    public override string ReadersTitle => "谁能看到";
    public override string Readers(int able, int all) => able == all
        ? $"按这里的方法密封的内容，只有这 {all} 位审阅人能打开；管理这台服务器的人也不能。"
        : $"按这里的方法密封的内容，{all} 位审阅人中有 {able} 位能打开；管理这台服务器的人也不能。";
    public override string Unnamed => "一位没有署名的审阅人";
    public override string CannotRead => "（目前看不到）";

    public override string KeyTitle => "本站的密钥";
    public override string Key => "请与您拿到的链接里 # 后面的部分，或与印刷品核对。只要有一个字符不同，就不要继续。即使相同，也还不能证明下面的密钥：只有普通页面会据此核对它们。";

    public override string StepsTitle => "密封";
    public override string Needs => "您需要 Linux 和 age 程序，1.3 或更新的版本（用 age --version 查看）。打开终端，逐行原样运行下面的命令。";
    public override string Folder => "建一个文件夹，把要发送的一切放进去：您要说的话存为文本文件，还有其他文件。";
    public override string Pack => "打包，不带您的用户名，也不带文件的时间。";
    public override string Pad => "填充到许多来信共有的大小。";
    public override string PadLarger => "只有上一行显示“larger”时才用：填充到更大的一档。这里最多能发送 16 MiB。";
    public override string Recipients => "写下审阅人的密钥。";
    public override string Seal => "为他们密封。";
    public override string SendTitle => "发送";
    public override string Send => "请选择文件 report.age。文件名不会保留。这里只接收密封好的文件；其他文件会被拒绝并丢弃，但那时它已经在没有密封的情况下传到了这里。";
    public override string Label => "密封好的文件 report.age";
    public override string Button => "发送密封好的文件";

    public override string ClosedTitle => "目前什么也发送不了";
    public override string Expired(string day) => $"能看到来信的人的名单已于 {day} 到期。在更新之前，无法为任何人密封。";
    public override string Nobody => "审阅人目前都没有当天有效的密钥。在其中一位更新之前，无法为任何人密封。";

    public override string ChannelsTitle => "其他方式";
    public override string ChannelsHint => "这些方式不密封。不要使用别人知道属于您的电话或账号。";
    public override string KindOf(string channel) => channel switch
    {
        "telephone" => "电话", "post" => "邮寄", "email" => "电子邮件", "web" => "网站", _ => "其他",
    };
    public override string NoticesTitle => "消息";

    public override string ArrivedTitle => "密封好的文件已送达";
    public override IReadOnlyList<string> Arrived =>
    [
        "只有审阅人能打开。他们看到的是一个文件，没有名字，也无法回复。",
        "现在请删除 report.age、report.tar、recipients.txt 和那个文件夹。然后关闭这个窗口；在 Tor 浏览器里请选择“新身份”。",
        "不要重新加载本页：那样会把文件再发送一次。",
    ];

    public override string NotSentTitle => "没有发送";
    public override string NoPageTitle => "现在无法显示本页";
    public override string Back => "回到表单";

    public override IReadOnlyList<string> Of(PlainFault fault) => fault switch
    {
        PlainFault.NotAForm => [$"收到的不是表单发送的内容，或者不完整。{NothingKept}", "请返回，选择文件，再发送一次。"],
        PlainFault.NoFile => ["没有选择文件，或者文件是空的。", "请返回，选择 report.age 再发送。"],
        PlainFault.MoreThanOne => [$"收到的不止一个文件或字段；一次只接收一个密封好的文件。{NothingKept}", "请返回，只发送 report.age。"],
        PlainFault.NotSealed => [$"这个文件没有密封。{NothingKept}但它是原样传到这里的，控制这台服务器的人可能已经读到。",
            "请返回，选择 report.age：是最后一行命令生成的文件，不是密封之前的那个。"],
        PlainFault.Armoured => [$"这个文件已密封，但写成了字母（age 的 -a 选项），它的大小会透露更多。{NothingKept}", "请完全按显示的命令重新密封，再发送。"],
        PlainFault.OtherRecipients => [$"这个文件已密封，但用的不是审阅人的密钥。{NothingKept}", "请完全按显示的命令重新密封：只用本页的密钥，age 要 1.3 或更新的版本。"],
        PlainFault.WrongLength => [$"这个文件已密封，但它的大小不是来信该有的大小，或者文件不完整。{NothingKept}", "请按说明填充 report.tar，重新密封，再发送。"],
        PlainFault.TooLarge => [$"这超过了这里能发送的 16 MiB。{NothingKept}", "请少发一些，或使用普通页面：它最多可发送 5 GiB。"],
        PlainFault.TooSlow => [$"传送时间太长。{NothingKept}", "请再试一次；在 Tor 浏览器里可以为本站换一条新线路。"],
        PlainFault.Busy => [$"服务器正忙。{NothingKept}", "请过一分钟再试，或使用普通页面。"],
        PlainFault.Quota => [$"最近几分钟通过这个表单发送的文件太多。{NothingKept}", "请过一小时再试，使用普通页面，或用其他方式联系审阅人。"],
        PlainFault.Full => [$"目前没有空间了。{NothingKept}", "请稍后再试，或用其他方式联系审阅人。"],
        PlainFault.NotSetUp => ["本站还没有设置好：还没有可以为之密封的人。", "请以后再来。"],
        PlainFault.Nothing => ["这里什么也没有。", "请回到表单。"],
        PlainFault.WrongMethod => ["这个地址不接受这种请求。", "请回到表单。"],
        PlainFault.WrongHost => ["这台服务器不用这个名字。", "请完全按照您拿到的地址打开。"],
        PlainFault.NoPage => ["服务器正忙：此刻有很多人在打开本页。没有发送任何内容。", "请等一分钟，然后重新加载本页。"],
        _ => throw new ArgumentOutOfRangeException(nameof(fault)),
    };
}
