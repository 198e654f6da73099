import * as core from "./core.ts";
import { startApp } from "./ui/app.ts";

const page = document.getElementById("page");
if (page) startApp(core, page);
