import { render } from "preact";
import "./chart-style.css";
import "./style/page.css";
import { Page } from "./page.tsx";

const place = document.getElementById("page");
if (place) render(<Page />, place);
