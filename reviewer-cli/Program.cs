using SecureDrop.Reviewer.Commands;
using SecureDrop.Reviewer.Terminal;

using Interrupts interrupts = Interrupts.OfProcess();
return (int)await ReviewerProgram.RunAsync(args, Surroundings.OfProcess(interrupts), CancellationToken.None);
